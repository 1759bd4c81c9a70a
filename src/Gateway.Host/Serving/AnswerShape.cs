using Gateway.Host.Api;

namespace Gateway.Host.Serving;

/// <summary>What an engine's answer looks like, as far as relaying it is concerned.</summary>
/// <param name="Status">Its HTTP status.</param>
/// <param name="IsEventStream">Server-sent events.</param>
/// <param name="MustEndWithDone">An event stream that is incomplete without <c>data: [DONE]</c>.</param>
internal readonly record struct AnswerShape(int Status, bool IsEventStream, bool MustEndWithDone)
{
    /// <summary>
    /// Size of the buffer it is read into, in bytes. A stream may hold its own for minutes and fills it with one event or a few;
    /// an embedding of 1,536 numbers is some 20 KB.
    /// </summary>
    public int ReadSize => IsEventStream ? 4 * 1024 : 32 * 1024;

    public static AnswerShape Of(HttpResponseMessage answer, ServedEndpoint endpoint)
    {
        var isEventStream = answer.Content.Headers.NonValidated.TryGetValues("Content-Type", out var type)
            && type.ToString().StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase);
        var status = (int)answer.StatusCode;
        return new AnswerShape(status, isEventStream, isEventStream && endpoint.StreamEndsWithDone && status == StatusCodes.Status200OK);
    }
}
