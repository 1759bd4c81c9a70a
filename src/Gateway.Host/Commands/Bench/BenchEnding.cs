namespace Gateway.Host.Commands.Bench;

/// <summary>How a request ended.</summary>
internal enum BenchEnding
{
    /// <summary>The whole answer came: every choice has told why it ended, and a stream has ended with <c>[DONE]</c>.</summary>
    Complete,

    /// <summary>A stream stopped before its end, without a word.</summary>
    Cut,

    /// <summary>A stream ended with an error event.</summary>
    ErrorEvent,

    /// <summary>The server answered with an error.</summary>
    ErrorStatus,

    /// <summary>It answered with 200, and not as OpenAI does.</summary>
    NotAnAnswer,

    /// <summary>The connection could not be made, or broke before the answer began.</summary>
    NoConnection,

    /// <summary>It took too long.</summary>
    TimedOut,
}
