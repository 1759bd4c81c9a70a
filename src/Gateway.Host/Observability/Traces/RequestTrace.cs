using System.Diagnostics;
using System.Globalization;
using System.Text;
using Gateway.Actors.Engines.Generation;
using Gateway.Actors.Routing;
using Gateway.Actors.Workers;
using Gateway.Host.Api;
using Gateway.Host.Observability.Metrics;
using Gateway.Host.Serving;

namespace Gateway.Host.Observability.Traces;

/// <summary>
/// What is told of one request that is traced: a span for it, and one for each attempt. Names are those of OpenTelemetry's conventions for
/// generative AI and HTTP where they have some. The halves of a pair come here at the same time.
/// </summary>
internal sealed class RequestTrace
{
    /// <summary>Of a prompt, in bytes: collectors refuse messages of more than 4 MB, and a batch has many spans.</summary>
    private const int MostOfPrompt = 16 * 1024;

    /// <summary>Of a model's name that nobody here knows.</summary>
    private const int MostOfName = 256;

    private readonly ActivitySource _source;
    private readonly Activity _request;
    private readonly string _operation;
    private readonly bool _recordsPrompts;
    private readonly Lock _lock = new();
    private readonly List<AttemptSpan> _attempts = [];
    private readonly List<Pick> _picks = [];
    private string _model = "";
    private bool _hasArrived;

    /// <param name="source">Of the attempts' spans.</param>
    /// <param name="span">The request's own, started.</param>
    /// <param name="request">The client's.</param>
    /// <param name="endpoint">Whom it is to.</param>
    /// <param name="recordsPrompts">Whether the operator wants to see prompts.</param>
    public RequestTrace(ActivitySource source, Activity span, HttpRequest request, ServedEndpoint endpoint, bool recordsPrompts)
    {
        (_source, _request, _recordsPrompts) = (source, span, recordsPrompts);
        _operation = Operation.Of(endpoint.Path);
        if (_operation != Operation.Other)
            span.SetTag("gen_ai.operation.name", _operation);
        span.SetTag("gen_ai.provider.name", "model_gateway");
        span.SetTag("http.request.method", request.Method);
        span.SetTag("http.route", endpoint.Path);
        span.SetTag("url.scheme", request.Scheme);
        span.SetTag("url.path", request.Path.Value);
        span.SetTag("network.protocol.version", request.Protocol.AsSpan(request.Protocol.IndexOf('/', StringComparison.Ordinal) + 1).ToString());
        if (request.Host.HasValue)
            span.SetTag("server.address", request.Host.Host);
        if (request.Host.Port is { } port)
            span.SetTag("server.port", port);
    }

    /// <summary>32 hexadecimal digits, as every tracer writes it.</summary>
    public string Id => _request.TraceId.ToHexString();

    /// <summary>The body has been read, and its model looked up.</summary>
    public void Describe(Exchange exchange)
    {
        if (exchange.Tenant is { } tenant)
            _request.SetTag("gateway.tenant", tenant.Name);
        if (exchange.Model is { } model)
        {
            _model = model.Id;
            _request.SetTag("gen_ai.response.model", model.Id);
            // Names of the registry: a client's own words would make ever new names.
            _request.DisplayName = $"{(_operation == Operation.Other ? _request.OperationName : _operation)} {model.Id}";
        }

        if (exchange.Body is not { } body)
            return;
        var peek = exchange.Peek;
        if (peek.HasModel)
            _request.SetTag("gen_ai.request.model", Text(peek.RawModel(body.Span), MostOfName));
        if (peek.MaxTokens > 0)
            _request.SetTag("gen_ai.request.max_tokens", peek.MaxTokens);
        _request.SetTag("gateway.request.stream", peek.Stream);
        _request.SetTag("http.request.body.size", body.Length);
        if (_recordsPrompts)
            _request.SetTag("gateway.prompt", Text(peek.Prompt(body.Span), MostOfPrompt));
    }

    /// <summary>It has got its place.</summary>
    /// <param name="wait">For how long it had to wait.</param>
    public void Seated(TimeSpan wait)
    {
        if (wait > TimeSpan.Zero)
            _request.AddEvent(new ActivityEvent("gateway.queue.left", tags: new() { ["gateway.queue.wait"] = wait.TotalSeconds }));
    }

    /// <summary>A policy has chosen a worker, which may be tried next.</summary>
    public void Picked(Worker worker, WorkerRole role, string policy, RouteExplanation explanation)
    {
        lock (_lock)
        {
            _picks.RemoveAll(pick => pick.Worker == worker);
            _picks.Add(new Pick(worker, role, policy, explanation));
        }
    }

    /// <summary>An attempt on a worker begins, or a half of one.</summary>
    /// <param name="worker">On whom.</param>
    /// <param name="number">The request's first attempt is 1.</param>
    public void BeginAttempt(Worker worker, int number)
    {
        lock (_lock)
        {
            var at = _picks.FindLastIndex(pick => pick.Worker == worker);
            var role = at < 0 ? worker.Spec.Role : _picks[at].Role;
            var name = role switch { WorkerRole.Prefill => "prefill", WorkerRole.Decode => "decode", _ => "attempt" };
            // The parent is named, since what is current may be another attempt.
            if (_source.StartActivity(_model.Length > 0 ? $"{name} {_model}" : name, ActivityKind.Client, _request.Context) is not { } span)
                return;
            if (_operation != Operation.Other)
                span.SetTag("gen_ai.operation.name", _operation);
            span.SetTag("gen_ai.request.model", _model);
            var attempt = new AttemptSpan(span, worker);
            attempt.Describe(number);
            if (at >= 0)
            {
                attempt.Explain(role, _picks[at].Policy, _picks[at].Explanation);
                _picks.RemoveAt(at);
            }

            _attempts.Add(attempt);
        }
    }

    /// <summary>The context for the engine of a worker that is being tried; of nothing if it is not.</summary>
    public TraceContext ContextFor(Worker worker)
    {
        lock (_lock)
            return Find(worker)?.Context ?? default;
    }

    /// <summary>An attempt has failed, or was given up, for a reason that no status tells.</summary>
    public void Fail(Worker worker, string reason)
    {
        lock (_lock)
            Find(worker)?.Fail(reason);
    }

    /// <summary>A piece of the answer has come; only the first is told.</summary>
    /// <param name="worker">Whose answer the client gets.</param>
    public void Arrived(Worker? worker)
    {
        if (_hasArrived)
            return;
        _hasArrived = true;
        var now = DateTimeOffset.UtcNow;
        _request.AddEvent(new ActivityEvent(
            "gateway.first_piece", now, new() { ["gateway.time_to_first_piece"] = (now.UtcDateTime - _request.StartTimeUtc).TotalSeconds }));
        lock (_lock)
            Find(worker)?.Tell("gateway.first_piece", now);
    }

    /// <summary>An attempt has ended. One that has ended before, or was never begun, is left as it is.</summary>
    public void EndAttempt(Exchange exchange, Worker worker, in AttemptEnd end)
    {
        lock (_lock)
        {
            if (Find(worker) is not { } attempt)
                return;
            _attempts.Remove(attempt);
            var (status, error) = Result(exchange, worker, end);
            attempt.End(end.Outcome, status, error);
        }
    }

    /// <summary>The request has left.</summary>
    public void End(HttpContext context, Exchange exchange)
    {
        var status = context.Response.StatusCode;
        _request.SetTag("gateway.request.id", exchange.RequestId);
        _request.SetTag("gateway.attempts", exchange.Attempts);
        if (exchange.Ending != ExchangeEnding.ClientGone)
            _request.SetTag("http.response.status_code", status);
        _request.SetTag("http.response.body.size", exchange.BytesSent);
        if (exchange.Tokens is { } tokens)
        {
            _request.SetTag("gen_ai.usage.input_tokens", tokens.PromptTokens);
            _request.SetTag("gen_ai.usage.output_tokens", tokens.CompletionTokens);
            if (tokens.CachedTokens > 0)
                _request.SetTag("gen_ai.usage.cache_read.input_tokens", tokens.CachedTokens);
            if (tokens.ReasoningTokens > 0)
                _request.SetTag("gen_ai.usage.reasoning.output_tokens", tokens.ReasoningTokens);
        }

        if (ErrorOf(exchange, status) is { } error)
        {
            _request.SetTag("error.type", error);
            // A mistake of the client's is none of the server's: so it stands in the conventions for HTTP.
            if (status >= StatusCodes.Status500InternalServerError || exchange.Ending == ExchangeEnding.Interrupted)
                _request.SetStatus(ActivityStatusCode.Error);
        }

        _request.Stop();
    }

    private AttemptSpan? Find(Worker? worker) => _attempts.Find(attempt => attempt.Worker == worker);

    private static (int? Status, string? Error) Result(Exchange exchange, Worker worker, in AttemptEnd end)
    {
        if (end.Outcome == AttemptOutcome.Cancelled)
            return default;
        if (end.Answer is { } answer)
            return ((int)answer.StatusCode, Code((int)answer.StatusCode));
        if (end.Error is { } error)
            return (null, error.Code);
        var response = exchange.Context.Response;
        // Of a half that answers nobody, the outcome says all.
        if (worker != exchange.Worker || end.MayTryAnother)
            return (null, end.Outcome == AttemptOutcome.Success ? null : "failed");
        if (exchange.Ending == ExchangeEnding.Interrupted)
            return (response.StatusCode, exchange.ErrorCode);
        return (response.StatusCode, response.StatusCode >= StatusCodes.Status400BadRequest ? Code(response.StatusCode) : null);
    }

    private static string? ErrorOf(Exchange exchange, int status) => exchange.Ending switch
    {
        ExchangeEnding.ClientGone => "client_gone",
        _ when exchange.ErrorCode is { } code => code,
        _ => status >= StatusCodes.Status400BadRequest ? Code(status) : null,
    };

    private static string Code(int status) => status.ToString(CultureInfo.InvariantCulture);

    private static string Text(ReadOnlySpan<byte> utf8, int most) => Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, most)]);

    private sealed record Pick(Worker Worker, WorkerRole Role, string Policy, RouteExplanation Explanation);
}
