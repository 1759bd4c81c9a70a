using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Host.Tests.Serving.Cancellation;

/// <summary>A client without a socket: it sends its request in pieces and takes what it is sent, each with a wait, as Kestrel shows a client.</summary>
internal sealed class ScriptedClient : IHttpRequestLifetimeFeature, IHttpResponseBodyFeature, IRequestBodyPipeFeature
{
    private readonly Steps _steps;
    private readonly Received _received;
    private readonly ResponseHead _head = new();

    public ScriptedClient(Steps steps, string body)
    {
        _steps = steps;
        _received = new Received(steps);
        RequestAborted = steps.ClientGone;
        var bytes = Encoding.UTF8.GetBytes(body);
        Reader = new Sent(steps, [bytes[..20], bytes[20..]]);
        Context = new DefaultHttpContext();
        Context.Features.Set<IHttpRequestLifetimeFeature>(this);
        Context.Features.Set<IHttpResponseFeature>(_head);
        Context.Features.Set<IHttpResponseBodyFeature>(this);
        Context.Features.Set<IRequestBodyPipeFeature>(this);
        Context.Request.Method = HttpMethods.Post;
        Context.Request.Path = "/v1/chat/completions";
        Context.Request.ContentLength = bytes.Length;
    }

    public HttpContext Context { get; }

    /// <summary>What it has got so far.</summary>
    public string Text => _received.Text;

    /// <summary>True if the gateway has broken the connection, as it does with an answer that cannot be completed.</summary>
    public bool WasCutOff { get; private set; }

    public CancellationToken RequestAborted { get; set; }

    public PipeReader Reader { get; }

    public PipeWriter Writer => _received;

    public Stream Stream => Writer.AsStream();

    public void Abort() => WasCutOff = true;

    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        await _steps.PassAsync("start", cancellationToken);
        _head.Start();
    }

    public Task CompleteAsync() => Task.CompletedTask;

    public void DisableBuffering()
    {
    }

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>The body as it comes in.</summary>
    private sealed class Sent(Steps steps, byte[][] pieces) : PipeReader
    {
        private int _next;

        public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
        {
            await steps.PassAsync("body", cancellationToken);
            if (steps.IsOver)
                throw new ConnectionResetException("The client is gone.");
            return new ReadResult(new ReadOnlySequence<byte>(pieces[_next++]), isCanceled: false, isCompleted: _next == pieces.Length);
        }

        public override bool TryRead(out ReadResult result)
        {
            result = default;
            return false;
        }

        public override void AdvanceTo(SequencePosition consumed)
        {
        }

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
        {
        }

        public override void CancelPendingRead()
        {
        }

        public override void Complete(Exception? exception = null)
        {
        }
    }

    /// <summary>The answer as it goes out. To a client that is gone, writing succeeds.</summary>
    private sealed class Received(Steps steps) : PipeWriter
    {
        private readonly ArrayBufferWriter<byte> _bytes = new();

        public string Text => Encoding.UTF8.GetString(_bytes.WrittenSpan);

        public override void Advance(int bytes) => _bytes.Advance(bytes);

        public override Memory<byte> GetMemory(int sizeHint = 0) => _bytes.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => _bytes.GetSpan(sizeHint);

        public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            await steps.PassAsync("flush", cancellationToken);
            return default;
        }

        public override void CancelPendingFlush()
        {
        }

        public override void Complete(Exception? exception = null)
        {
        }
    }

    private sealed class ResponseHead : HttpResponseFeature
    {
        private bool _hasStarted;

        public override bool HasStarted => _hasStarted;

        public void Start() => _hasStarted = true;
    }
}
