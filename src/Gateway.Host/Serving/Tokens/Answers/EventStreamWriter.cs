using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;

namespace Gateway.Host.Serving.Tokens.Answers;

/// <summary>Writes server-sent events, each a JSON object, straight into the response's pipe; allocates nothing for an event.</summary>
internal sealed class EventStreamWriter(PipeWriter output) : IDisposable
{
    private readonly Utf8JsonWriter _json = new(output, AnswerJson.WriterOptions);
    private int _written;

    /// <summary>Bytes written since the last call, whether they were flushed or not.</summary>
    public int TakeWritten()
    {
        var written = _written;
        _written = 0;
        return written;
    }

    /// <summary>Begins an event. Write one object and call <see cref="End"/>.</summary>
    public Utf8JsonWriter Begin()
    {
        output.Write("data: "u8);
        _json.Reset(output);
        return _json;
    }

    public void End()
    {
        _json.Flush();
        output.Write("\n\n"u8);
        _written += (int)_json.BytesCommitted + "data: \n\n".Length;
    }

    /// <summary>The chunk without choices that tells OpenAI's clients what the request has cost.</summary>
    /// <param name="kind">OpenAI's <c>object</c>.</param>
    public void Usage(AnswerHead head, ReadOnlySpan<byte> kind, in Usage usage)
    {
        var json = Begin();
        json.WriteStartObject();
        head.Write(json, kind);
        json.WriteStartArray("choices"u8);
        json.WriteEndArray();
        AnswerJson.WriteUsage(json, usage);
        json.WriteEndObject();
        End();
    }

    /// <summary>The end of a complete stream.</summary>
    public void Done()
    {
        output.Write("data: [DONE]\n\n"u8);
        _written += "data: [DONE]\n\n".Length;
    }

    public void Dispose() => _json.Dispose();
}
