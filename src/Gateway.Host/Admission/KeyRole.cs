namespace Gateway.Host.Admission;

/// <summary>What a key, or a token of an identity provider, lets its holder do. On the control plane each includes those before it.</summary>
public enum KeyRole
{
    /// <summary>Generations and models, and nothing of the control plane.</summary>
    User,

    /// <summary>Looks at the control plane. Neither this nor <see cref="Operator"/> generates: a dashboard's key that leaks costs no engine time.</summary>
    Viewer,

    /// <summary>Adds, drains and removes workers, and chooses policies.</summary>
    Operator,

    /// <summary>Everything, generations included.</summary>
    Admin,
}
