namespace Gateway.Actors.Routing.Peers;

/// <summary>What became of a digest that a peer sent.</summary>
public enum DigestOutcome
{
    /// <summary>It is in the indexes, as far as they know its models and workers.</summary>
    Learned,

    /// <summary>Of another version of this software; nothing was read.</summary>
    OtherVersion,

    /// <summary>Its keys were made with another secret and mean nothing here; nothing was read.</summary>
    OtherSecret,

    /// <summary>It is not what it says it is; nothing was read.</summary>
    Garbage,
}
