using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Gateway.LoadBench.Client;

/// <summary>One kept-alive HTTP/1.1 connection that sends rendered bytes and reads one whole answer at a time.</summary>
/// <param name="server">To whom.</param>
/// <param name="gaps">Is told of a stream's events as they come; null for nobody.</param>
internal sealed class HttpConnection(Uri server, EventGaps? gaps = null) : IDisposable
{
    private readonly ResponseReader _reader = new();
    private Socket? _socket;

    /// <summary>What has come of the last answer's body, also if it broke.</summary>
    public ReadOnlyMemory<byte> Received => _reader.Body;

    /// <summary>Sends a request and reads its answer to the end.</summary>
    /// <returns>The answer; it is valid until the next call.</returns>
    /// <exception cref="IOException">The connection broke or the answer is not HTTP; the next call connects anew.</exception>
    public async ValueTask<Answer> SendAsync(ReadOnlyMemory<byte> request)
    {
        _reader.Reset();
        gaps?.Reset();
        try
        {
            var socket = _socket ??= await ConnectAsync();
            var start = Stopwatch.GetTimestamp();
            for (var rest = request; rest.Length > 0;)
                rest = rest[await socket.SendAsync(rest)..];
            while (!_reader.IsComplete)
            {
                var read = await socket.ReceiveAsync(_reader.Free());
                if (read == 0)
                    throw new IOException("The server closed the connection within an answer.");
                _reader.Accept(read);
                gaps?.Note(_reader.Body.Span, Stopwatch.GetTimestamp());
            }

            return new Answer(_reader.Status, _reader.Body, start, _reader.FirstBodyByteAt, Stopwatch.GetTimestamp());
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            Dispose();
            throw error as IOException ?? new IOException(error.Message, error);
        }
    }

    public void Dispose()
    {
        _socket?.Dispose();
        _socket = null;
    }

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Parse(server.Host), server.Port));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <param name="Status">HTTP status.</param>
/// <param name="Body">Without the chunks' framing.</param>
/// <param name="SentAt">Timestamp before the request's first byte was sent.</param>
/// <param name="FirstByteAt">Timestamp at which the body's first byte was here.</param>
/// <param name="EndedAt">Timestamp at which all was here.</param>
internal readonly record struct Answer(int Status, ReadOnlyMemory<byte> Body, long SentAt, long FirstByteAt, long EndedAt);
