using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;

namespace Gateway.Host.Serving.Tokens.Answers;

/// <summary>Writes server-sent events, each a JSON object, straight into the response's pipe; allocates nothing for an event.</summary>
internal sealed class EventStreamWriter(PipeWriter output) : IDisposable
{
    private readonly Utf8JsonWriter _json = new(output, AnswerJson.WriterOptions);

    /// <summary>Bytes written so far, whether they were flushed or not.</summary>
    public long BytesWritten { get; private set; }

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
        BytesWritten += _json.BytesCommitted + "data: \n\n".Length;
    }

    /// <summary>The end of a complete stream.</summary>
    public void Done()
    {
        output.Write("data: [DONE]\n\n"u8);
        BytesWritten += "data: [DONE]\n\n".Length;
    }

    public void Dispose() => _json.Dispose();
}
