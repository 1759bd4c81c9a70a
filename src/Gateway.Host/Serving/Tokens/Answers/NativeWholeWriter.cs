using System.IO.Pipelines;
using System.Text.Json;
using Gateway.Actors.Engines.Generation;

namespace Gateway.Host.Serving.Tokens.Answers;

/// <summary>SGLang's own API in one piece: an object, or a list for a batch and for several choices.</summary>
/// <param name="output">The response's.</param>
/// <param name="format">Of the choices.</param>
internal sealed class NativeWholeWriter(PipeWriter output, NativeAnswerJson format) : IAnswerWriter
{
    private readonly NativeChoices _choices = new();
    private long _written;

    public int TakeWritten()
    {
        var written = (int)_written;
        _written = 0;
        return written;
    }

    public void BeginStep(int choice, in GenerationStep step) => _choices.Of(choice).Add(step);

    public void Content(int choice, ReadOnlySpan<char> text) => _choices.Of(choice).Add(text);

    public void Logprobs(int choice, IReadOnlyList<TokenLogprob> tokens) => _choices.Of(choice).Logprobs.AddRange(tokens);

    public void Finish(int choice, in ChoiceEnd end) => _choices.Of(choice).End = end;

    public void Complete(in Usage usage)
    {
        using var json = new Utf8JsonWriter(output, AnswerJson.WriterOptions);
        if (format.IsList)
            json.WriteStartArray();
        for (var i = 0; i < _choices.Count; i++)
            format.Write(json, i, _choices.Of(i));
        if (format.IsList)
            json.WriteEndArray();
        json.Flush();
        _written = json.BytesCommitted;
    }

    public void Dispose()
    {
    }
}
