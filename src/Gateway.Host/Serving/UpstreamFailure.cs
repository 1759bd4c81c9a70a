using Gateway.Actors.Engines;

namespace Gateway.Host.Serving;

/// <summary>Tells a failure of the connection to a worker from a mistake of ours.</summary>
internal static class UpstreamFailure
{
    /// <summary>
    /// True for what the HTTP client throws when a connection cannot be made, breaks, speaks nonsense or is cancelled;
    /// a connect timeout is an <see cref="OperationCanceledException"/> although nobody cancelled.
    /// </summary>
    public static bool Is(Exception exception) =>
        BrokenConnection.Explains(exception) || exception is OperationCanceledException or ObjectDisposedException;

    /// <summary>Why, in a few words for the log: a stack trace of the HTTP client tells an operator nothing more.</summary>
    public static string Describe(Exception? failure) => failure?.GetBaseException().Message ?? "it ended too early";
}
