using System.Collections.Immutable;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Registry;

/// <summary>
/// The policies that operators have chosen at run time, by model and role. They stay when a model's workers leave, and count again
/// when some come back.
/// </summary>
public sealed class PolicyOverrides
{
    /// <summary>What stands for all models; no model has this name.</summary>
    private const string AllModels = "";

    private readonly ImmutableDictionary<(string Model, WorkerRole Role), string> _names;

    private PolicyOverrides(ImmutableDictionary<(string Model, WorkerRole Role), string> names) => _names = names;

    public static PolicyOverrides None { get; } = new(ImmutableDictionary<(string Model, WorkerRole Role), string>.Empty);

    /// <param name="model">Canonical id; null is the choice for all models.</param>
    /// <returns>Null if nobody has chosen.</returns>
    public string? For(string? model, WorkerRole role) => _names.GetValueOrDefault((model ?? AllModels, role));

    public bool Knows(string model) => ModelPolicies.Roles.Any(role => _names.ContainsKey((model, role)));

    /// <param name="model">Canonical id; null chooses for all models.</param>
    /// <param name="role">Null chooses for all roles.</param>
    /// <param name="policy">Null takes the choice back.</param>
    /// <returns>This same object if it changes nothing.</returns>
    internal PolicyOverrides With(string? model, WorkerRole? role, string? policy)
    {
        var names = _names;
        foreach (var each in role is { } one ? [one] : ModelPolicies.Roles)
        {
            var key = (model ?? AllModels, each);
            names = policy is null ? names.Remove(key) : names.SetItem(key, policy);
        }

        return names == _names ? this : new PolicyOverrides(names);
    }
}
