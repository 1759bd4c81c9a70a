using System.Buffers;
using Gateway.Simulator.Api;
using Grpc.Core;

namespace Gateway.Simulator.Grpc;

/// <summary>Writes a call's messages, and breaks as its fault says.</summary>
internal sealed class FaultyStreamWriter<T> : IServerStreamWriter<T>
{
    // A message of one byte, uncompressed, that is the tag of a field and not its value.
    private static readonly byte[] _malformed = [0, 0, 0, 0, 1, 0x08];

    private readonly IServerStreamWriter<T> _inner;
    private readonly ServerCallContext _call;
    private int _messages;

    public FaultyStreamWriter(IServerStreamWriter<T> inner, ServerCallContext call)
    {
        _inner = inner;
        _call = call;
    }

    public WriteOptions? WriteOptions
    {
        get => _inner.WriteOptions;
        set => _inner.WriteOptions = value;
    }

    /// <exception cref="StreamFaultException">The stream is to break before this message.</exception>
    public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

    /// <exception cref="StreamFaultException">The stream is to break before this message.</exception>
    public async Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        if (_call.Exchange().Fault is { } fault && fault.AfterEvents == _messages)
            await BreakAsync(fault.Kind);
        _messages++;
        await _inner.WriteAsync(message, cancellationToken);
    }

    private async Task BreakAsync(FaultKind kind)
    {
        if (kind is FaultKind.Cut or FaultKind.Stall)
            throw new StreamFaultException(kind);
        if (kind != FaultKind.Malformed)
            return;
        var body = _call.GetHttpContext().Response.BodyWriter;
        body.Write(_malformed);
        await body.FlushAsync(_call.CancellationToken);
    }
}
