using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Gateway.Actors.Engines.Generation;

namespace Gateway.Host.Serving.Tokens.Answers;

/// <summary>A text completion in one piece, when it is complete.</summary>
/// <param name="output">The response's.</param>
/// <param name="head">Of the answer.</param>
/// <param name="logprobs">Null if the client does not want them.</param>
/// <param name="echo">Null if the client does not want the prompt.</param>
internal sealed class CompletionWholeWriter(PipeWriter output, AnswerHead head, LogprobJson? logprobs, Echo? echo = null) : IAnswerWriter
{
    private readonly List<Choice> _choices = [];
    private long _written;

    public int TakeWritten()
    {
        var written = (int)_written;
        _written = 0;
        return written;
    }

    public void BeginStep(int choice, in GenerationStep step) => echo?.Begin(this, choice, step);

    public void Content(int choice, ReadOnlySpan<char> text) => Of(choice).Text.Append(text);

    public void Logprobs(int choice, IReadOnlyList<TokenLogprob> tokens)
    {
        if (logprobs is not null)
            Of(choice).Logprobs.AddRange(tokens);
    }

    public void Finish(int choice, in ChoiceEnd end) => Of(choice).End = end;

    public void Complete(in Usage usage)
    {
        using var json = new Utf8JsonWriter(output, AnswerJson.WriterOptions);
        json.WriteStartObject();
        head.Write(json, "text_completion"u8);
        json.WriteStartArray("choices"u8);
        for (var i = 0; i < _choices.Count; i++)
        {
            var choice = _choices[i];
            json.WriteStartObject();
            json.WriteNumber("index"u8, i);
            json.WriteString("text"u8, choice.Text.ToString());
            if (logprobs is null)
                json.WriteNull("logprobs"u8);
            else
                logprobs.WriteCompletion(json, choice.Logprobs, offset: 0);
            json.WriteString("finish_reason"u8, choice.End.Word);
            AnswerJson.WriteMatchedStop(json, "matched_stop"u8, choice.End.MatchedStop, choice.End.MatchedToken);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        AnswerJson.WriteUsage(json, usage);
        json.WriteEndObject();
        json.Flush();
        _written = json.BytesCommitted;
    }

    public void Dispose()
    {
    }

    private Choice Of(int choice)
    {
        while (_choices.Count <= choice)
            _choices.Add(new Choice());
        return _choices[choice];
    }

    private sealed class Choice
    {
        public StringBuilder Text { get; } = new();

        public List<TokenLogprob> Logprobs { get; } = [];

        public ChoiceEnd End { get; set; }
    }
}
