using Gateway.Actors.Routing;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Registry;

/// <summary>Gives a model the policies that are chosen for it now; a policy that is still the chosen one is kept, with what it knows.</summary>
/// <param name="settings">The configured choices.</param>
/// <param name="create">Makes a policy for a model by the policy's name, in the place of another one if there was one.</param>
internal sealed class PolicyAssignment(RegistrySettings settings, Func<string, string, IRoutingPolicy?, IRoutingPolicy> create)
{
    public ModelPolicies Assign(string model, ModelPolicies? last, RegistryState state)
    {
        var workers = WorkersOf(model, state);
        var policies = new ModelPolicies(
            Assign(WorkerRole.Regular, last?.Regular),
            Has(WorkerRole.Prefill) ? Assign(WorkerRole.Prefill, last?.Prefill) : null,
            Has(WorkerRole.Decode) ? Assign(WorkerRole.Decode, last?.Decode) : null);
        Retire(last, unless: policies);
        return policies;

        bool Has(WorkerRole role) => workers.Exists(entry => entry.Worker.Spec.Role == role);

        PolicyInUse Assign(WorkerRole role, PolicyInUse? present)
        {
            var choice = PolicyChoice.For(model, role, LabelOf(workers, role), settings, state.Policies);
            if (present is null || present.Choice.Name != choice.Name)
                return new PolicyInUse(choice, create(model, choice.Name, present?.Policy));
            return present.Choice == choice ? present : present with { Choice = choice };
        }
    }

    /// <summary>
    /// Has policies that no snapshot will name any more let go of their workers. Requests that still hold them pick from the
    /// candidates of the snapshot they hold.
    /// </summary>
    public static void Retire(ModelPolicies? last, ModelPolicies? unless = null)
    {
        foreach (var role in ModelPolicies.Roles)
        {
            if (last?.OwnFor(role) is { } policy && policy.Policy != unless?.OwnFor(role)?.Policy)
                policy.Policy.WorkersChanged([]);
        }
    }

    /// <summary>In order of registration, whatever their state; those that serve any model come last.</summary>
    private static List<WorkerEntry> WorkersOf(string model, RegistryState state)
    {
        var workers = new List<WorkerEntry>();
        Add(model);
        if (model != ModelCard.Wildcard)
            Add(ModelCard.Wildcard);
        return workers;

        void Add(string id)
        {
            if (state.Members.TryGetValue(id, out var members))
                workers.AddRange(members.Values.Select(worker => state.Workers[worker]));
        }
    }

    private static string? LabelOf(List<WorkerEntry> workers, WorkerRole role) => workers
        .Where(entry => entry.Worker.Spec.Role == role)
        .Select(static entry => entry.Worker.Spec.Labels[PolicyChoice.Label])
        .FirstOrDefault(static label => label is not null);
}
