using Gateway.Host.Api;

namespace Gateway.Host.Serving;

/// <summary>What an engine's answer looks like, as far as relaying it is concerned.</summary>
/// <param name="Status">Its HTTP status.</param>
/// <param name="IsEventStream">Server-sent events.</param>
/// <param name="MustEndWithDone">An event stream that is incomplete without <c>data: [DONE]</c>.</param>
/// <param name="Length">Bytes of its body, when announced.</param>
internal readonly record struct AnswerShape(int Status, bool IsEventStream, bool MustEndWithDone, long? Length)
{
    /// <summary>Room asked of the response for one read; with less left, Kestrel starts its next block of 4 KiB.</summary>
    private const int UsualRead = 1024;

    private const int LargestRead = 64 * 1024;

    /// <summary>Bytes of a body of known length that may wait to be sent together.</summary>
    private const int LargestHeld = 32 * 1024;

    /// <summary>
    /// How many bytes may wait for more. An engine that announces a length has the whole body in hand;
    /// of any other answer each piece goes out as it comes.
    /// </summary>
    public int MayHold => Length is null ? 0 : LargestHeld;

    public static AnswerShape Of(HttpResponseMessage answer, ServedEndpoint endpoint)
    {
        var headers = answer.Content.Headers.NonValidated;
        var isEventStream = headers.TryGetValues("Content-Type", out var type)
            && type.ToString().StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase);
        var status = (int)answer.StatusCode;
        return new AnswerShape(
            status,
            isEventStream,
            isEventStream && endpoint.StreamEndsWithDone && status == StatusCodes.Status200OK,
            isEventStream ? null : answer.Content.Headers.ContentLength);
    }

    /// <summary>How much to read at once when this much has been read.</summary>
    public int ReadSize(long already) =>
        Length is { } length ? (int)Math.Clamp(length - already, 1, LargestRead) : UsualRead;
}
