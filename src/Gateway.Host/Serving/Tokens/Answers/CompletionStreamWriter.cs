using Gateway.Actors.Engines.Generation;

namespace Gateway.Host.Serving.Tokens.Answers;

/// <summary>Text completions as they come.</summary>
/// <param name="events">The response.</param>
/// <param name="head">Of each chunk.</param>
/// <param name="logprobs">Null if the client does not want them.</param>
/// <param name="includeUsage">True if the client wants the usage in a last chunk.</param>
/// <param name="echo">Null if the client does not want the prompt.</param>
internal sealed class CompletionStreamWriter(
    EventStreamWriter events, AnswerHead head, LogprobJson? logprobs, bool includeUsage, Echo? echo = null) : IAnswerWriter
{
    private readonly Dictionary<int, List<TokenLogprob>> _pending = [];
    private readonly Dictionary<int, int> _offsets = [];

    public int TakeWritten() => events.TakeWritten();

    public void BeginStep(int choice, in GenerationStep step)
    {
        // Whatever the lengths of its tokens' texts: what comes now comes after the prompt's own.
        if (echo?.Begin(this, choice, step) == true)
            _offsets[choice] = echo.TextOf(choice).Length;
    }

    public void Content(int choice, ReadOnlySpan<char> text) => Write(choice, text, default, isEnd: false);

    public void Logprobs(int choice, IReadOnlyList<TokenLogprob> tokens)
    {
        if (logprobs is null)
            return;
        if (!_pending.TryGetValue(choice, out var pending))
            _pending[choice] = pending = [];
        pending.AddRange(tokens);
    }

    public void Finish(int choice, in ChoiceEnd end) => Write(choice, [], end, isEnd: true);

    public void Complete(in Usage usage)
    {
        if (includeUsage)
            events.Usage(head, "text_completion"u8, usage);
        events.Done();
    }

    public void Dispose() => events.Dispose();

    private void Write(int choice, ReadOnlySpan<char> text, in ChoiceEnd end, bool isEnd)
    {
        var json = events.Begin();
        json.WriteStartObject();
        head.Write(json, "text_completion"u8);
        json.WriteStartArray("choices"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, choice);
        json.WriteString("text"u8, text);
        if (logprobs is not null && _pending.TryGetValue(choice, out var pending) && pending.Count > 0)
        {
            _offsets[choice] = logprobs.WriteCompletion(json, pending, _offsets.GetValueOrDefault(choice));
            pending.Clear();
        }
        else
        {
            json.WriteNull("logprobs"u8);
        }

        json.WriteString("finish_reason"u8, end.Word);
        if (isEnd)
            AnswerJson.WriteMatchedStop(json, "matched_stop"u8, end.MatchedStop, end.MatchedToken);
        json.WriteEndObject();
        json.WriteEndArray();
        if (includeUsage)
            json.WriteNull("usage"u8);
        json.WriteEndObject();
        events.End();
    }
}
