using System.Diagnostics;
using Gateway.Actors.Engines.Generation;
using Gateway.Actors.Routing;
using Gateway.Actors.Workers;
using Gateway.Host.Configuration;
using Gateway.Host.Serving;

namespace Gateway.Host.Observability.Traces;

/// <summary>The span of one attempt on one worker; the halves of a pair have one each.</summary>
internal sealed class AttemptSpan(Activity span, Worker worker)
{
    private static readonly string[] Outcomes = ["success", "failure", "backpressure", "cancelled"];

    public Worker Worker => worker;

    /// <summary>What the engine is told: that its work belongs to this attempt.</summary>
    public TraceContext Context => new(span.Id, span.TraceStateString);

    /// <summary>Says on whom it is made.</summary>
    /// <param name="number">The request's first attempt is 1.</param>
    public void Describe(int number)
    {
        var url = worker.Spec.Url;
        span.SetTag("server.address", url.Address.Host);
        span.SetTag("server.port", url.Address.Port);
        span.SetTag("gateway.worker.id", worker.Id.ToString());
        span.SetTag("gateway.worker.url", url.Text);
        span.SetTag("gateway.worker.epoch", worker.Epoch);
        span.SetTag("gateway.worker.connection", WorkerSpecWords.Modes.WordOf(worker.Facts.Mode));
        span.SetTag("gateway.worker.load", worker.Load);
        if (worker.Facts.Runtime != EngineRuntime.Unspecified)
            span.SetTag("gen_ai.provider.name", WorkerSpecWords.Runtimes.WordOf(worker.Facts.Runtime));
        span.SetTag("gateway.attempt.number", number);
        if (number > 1)
            span.SetTag("http.request.resend_count", number - 1);
    }

    /// <summary>Says why the worker was chosen.</summary>
    public void Explain(WorkerRole role, string policy, RouteExplanation explanation)
    {
        span.SetTag("gateway.worker.role", WorkerSpecWords.Roles.WordOf(role));
        span.SetTag("gateway.policy", policy);
        if (explanation.Rule is { } rule)
            span.SetTag("gateway.route.rule", rule);
        if (explanation.PromptBytes > 0)
            span.SetTag("gateway.route.prefix_share", explanation.MatchedShare);
    }

    /// <summary>The transport has failed, or was given up.</summary>
    public void Fail(string reason) => span.SetStatus(ActivityStatusCode.Error, reason);

    /// <param name="name">What has happened.</param>
    /// <param name="at">When.</param>
    public void Tell(string name, DateTimeOffset at) => span.AddEvent(new ActivityEvent(name, at));

    /// <param name="outcome">What it came to for the worker.</param>
    /// <param name="status">Of the engine's answer; null if it gave none.</param>
    /// <param name="error">In a word, if it failed.</param>
    public void End(AttemptOutcome outcome, int? status, string? error)
    {
        span.SetTag("gateway.attempt.outcome", Outcomes[(int)outcome]);
        if (status is { } code)
            span.SetTag("http.response.status_code", code);
        if (error is not null)
        {
            span.SetTag("error.type", error);
            span.SetStatus(ActivityStatusCode.Error, span.StatusDescription);
        }

        span.Stop();
    }
}
