namespace Gateway.Host.Admission;

/// <summary>Who is served first when not all can be. A greater value goes before a smaller one.</summary>
public enum RequestPriority
{
    /// <summary>Work that nobody waits for: evaluations, batches over night.</summary>
    Bulk,

    Default,

    /// <summary>Somebody sits before the screen.</summary>
    Interactive,

    /// <summary>What keeps the service itself going, such as its health checks.</summary>
    System,
}
