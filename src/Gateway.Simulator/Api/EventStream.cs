using System.Buffers;
using System.Text.Json;

namespace Gateway.Simulator.Api;

/// <summary>
/// Writes server-sent events, and breaks as the exchange's fault says. Nothing is sent before <see cref="FlushAsync"/>.
/// </summary>
internal sealed class EventStream : IDisposable
{
    private readonly Exchange _exchange;
    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly Utf8JsonWriter _json;
    private int _events;

    public EventStream(Exchange exchange)
    {
        _exchange = exchange;
        _json = new Utf8JsonWriter(_output, Exchange.JsonOptions);
        exchange.Response.ContentType = "text/event-stream; charset=utf-8";
        exchange.Response.Headers.CacheControl = "no-cache";
    }

    public void Write<TState>(TState state, Action<Utf8JsonWriter, TState> write)
    {
        Begin();
        write(_json, state);
        _json.Flush();
        _json.Reset();
        _output.Write("\n\n"u8);
    }

    public void WriteError(ApiException error) => Write(error, static (json, state) => state.WriteTo(json));

    public void WriteDone()
    {
        Begin();
        _output.Write("[DONE]\n\n"u8);
    }

    /// <summary>Tells the client that it will be answered, before there is anything to say.</summary>
    public async ValueTask SendHeadAsync() => await _exchange.Response.BodyWriter.FlushAsync(_exchange.Aborted);

    public async ValueTask FlushAsync()
    {
        await _exchange.Response.BodyWriter.WriteAsync(_output.WrittenMemory, _exchange.Aborted);
        _output.ResetWrittenCount();
    }

    public void Dispose() => _json.Dispose();

    private void Begin()
    {
        if (_exchange.Fault is { } fault && fault.AfterEvents == _events)
        {
            if (fault.Kind is FaultKind.Cut or FaultKind.Stall)
                throw new StreamFaultException(fault.Kind);
            if (fault.Kind == FaultKind.Malformed)
                _output.Write("data: {\"simulated_fault\": tru\n\n"u8);
        }

        _events++;
        _output.Write("data: "u8);
    }
}
