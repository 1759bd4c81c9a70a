using System.Net;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Engines;

/// <summary>The HTTP connections to one worker.</summary>
public sealed class HttpEngineClient : EngineClient
{
    /// <summary>
    /// uvicorn, under SGLang and vLLM, closes a connection after 5 s without a request. Ours must let go before,
    /// or a request meets a connection that is just being closed.
    /// </summary>
    private static readonly TimeSpan IdleConnectionLifetime = TimeSpan.FromSeconds(4);

    private readonly HttpMessageInvoker _invoker;

    public HttpEngineClient(Uri address, TimeSpan connectTimeout)
        : this(address, new EngineDialing(connectTimeout))
    {
    }

    public HttpEngineClient(Uri address, EngineDialing dialing)
        : this(address, Connections(dialing))
    {
    }

    /// <summary>For tests that decide what a connection does.</summary>
    internal HttpEngineClient(Uri address, HttpMessageHandler connections)
    {
        ArgumentNullException.ThrowIfNull(address);
        Address = address;
        _invoker = new HttpMessageInvoker(connections, disposeHandler: true);
    }

    public override ConnectionMode Mode => ConnectionMode.Http;

    /// <summary>Base address, with a trailing slash.</summary>
    public Uri Address { get; }

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation) =>
        _invoker.SendAsync(request, cancellation);

    public override Task<ProbeResult> ProbeAsync(ProbePlan plan, CancellationToken cancellation) =>
        new HttpProbe(this, plan).RunAsync(cancellation);

    public override async Task<EngineLoadReport> ReadLoadAsync(LoadPlan plan, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(plan);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(plan.Timeout);
        try
        {
            return await EngineLoadQuery.AskAsync(this, plan.Runtime, plan.ApiKey, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return EngineLoadReport.Unknown($"no answer within {plan.Timeout.TotalSeconds:0.###} s");
        }
        catch (Exception exception) when (BrokenConnection.Explains(exception))
        {
            return EngineLoadReport.Unknown(exception.GetBaseException().Message);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _invoker.Dispose();
    }

    private static SocketsHttpHandler Connections(EngineDialing dialing)
    {
        var connections = new SocketsHttpHandler
        {
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            // Which trace context goes with a request is for the gateway to say: its attempt's, or the client's.
            ActivityHeadersPropagator = null,
            PooledConnectionIdleTimeout = IdleConnectionLifetime,
            // A cancelled generation must reach the engine as a closed connection, at once.
            MaxResponseDrainSize = 0,
        };
        dialing.Configure(connections);
        return connections;
    }
}
