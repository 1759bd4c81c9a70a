using Gateway.Actors.Routing;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Registry;

/// <summary>Who chose a policy, the weakest first.</summary>
public enum PolicySource
{
    /// <summary>The gateway's configuration, for all models.</summary>
    Default,

    /// <summary>An operator at run time, for all models.</summary>
    RuntimeDefault,

    /// <summary>The label <see cref="PolicyChoice.Label"/> of a worker of the model.</summary>
    Label,

    /// <summary>The gateway's configuration, for this model.</summary>
    Configuration,

    /// <summary>An operator at run time, for this model.</summary>
    Runtime,
}

/// <summary>
/// Which policy a model has for workers of a role. The more specific word counts, and of equally specific ones the later: the run-time
/// choice for the model, the configuration for the model, the label of the first of the model's workers of that role that has one, the
/// run-time choice for all, the configuration for all.
/// </summary>
/// <param name="Name">In <see cref="PolicyCatalog"/>.</param>
/// <param name="Source">Who chose it.</param>
public readonly record struct PolicyChoice(string Name, PolicySource Source)
{
    public const string Label = "policy";

    internal static PolicyChoice For(string model, WorkerRole role, string? label, RegistrySettings settings, PolicyOverrides overrides)
    {
        if (overrides.For(model, role) is { } chosen)
            return new PolicyChoice(chosen, PolicySource.Runtime);
        foreach (var configured in settings.ModelPolicies)
        {
            if (configured.Model == model)
                return new PolicyChoice(configured.Policy, PolicySource.Configuration);
        }

        return label is not null && PolicyCatalog.Contains(label)
            ? new PolicyChoice(label, PolicySource.Label)
            : Default(role, settings, overrides);
    }

    /// <summary>Of models for which nobody has chosen another.</summary>
    public static PolicyChoice Default(WorkerRole role, RegistrySettings settings, PolicyOverrides overrides)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(overrides);
        return overrides.For(model: null, role) is { } chosen
            ? new PolicyChoice(chosen, PolicySource.RuntimeDefault)
            : new PolicyChoice(Configured(role, settings), PolicySource.Default);
    }

    private static string Configured(WorkerRole role, RegistrySettings settings) => role switch
    {
        WorkerRole.Prefill => settings.PrefillPolicy ?? settings.Policy,
        WorkerRole.Decode => settings.DecodePolicy ?? settings.Policy,
        _ => settings.Policy,
    };
}
