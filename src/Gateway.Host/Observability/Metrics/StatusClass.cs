namespace Gateway.Host.Observability.Metrics;

/// <summary>How a request ended, in a few words: <c>2xx</c> to <c>5xx</c>, and two that no status tells of.</summary>
internal enum StatusClass
{
    Success,
    Redirect,
    ClientError,
    ServerError,

    /// <summary>It began well, and broke.</summary>
    Interrupted,

    /// <summary>The client went away.</summary>
    ClientGone,
}

internal static class StatusClasses
{
    public static IReadOnlyList<string> Words { get; } = ["2xx", "3xx", "4xx", "5xx", "interrupted", "client_gone"];

    public static StatusClass Of(int status) => status switch
    {
        < 300 => StatusClass.Success,
        < 400 => StatusClass.Redirect,
        < 500 => StatusClass.ClientError,
        _ => StatusClass.ServerError,
    };
}
