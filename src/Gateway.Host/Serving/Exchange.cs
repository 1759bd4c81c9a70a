using Gateway.Actors.Registry;
using Gateway.Actors.Workers;
using Gateway.Host.Admission;
using Gateway.Host.Api;
using Gateway.Host.Observability.Metrics;
using Gateway.Host.Observability.Traces;
using Gateway.Host.Serving.Tokens;
using Gateway.Host.Serving.Tokens.Answers;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Host.Serving;

/// <summary>How an exchange ended, as the access log says it.</summary>
internal enum ExchangeEnding
{
    Complete,

    /// <summary>The answer broke after its first byte.</summary>
    Interrupted,

    ClientGone,
}

/// <summary>One request and its answer on their way through the gateway: what the rooms of the corridor find out about it.</summary>
internal sealed class Exchange(HttpContext context, string requestId, long startTimestamp)
{
    public HttpContext Context { get; } = context;

    public string RequestId { get; } = requestId;

    public long StartTimestamp { get; } = startTimestamp;

    /// <summary>Set when it is forwarded to an engine.</summary>
    public ServedEndpoint? Endpoint { get; set; }

    /// <summary>Whose it is; null if its key was wrong, and if the gateway answers it itself.</summary>
    public Tenant? Tenant { get; set; }

    public RequestPriority Priority { get; set; } = RequestPriority.Default;

    /// <summary>What it has taken of its tenant's and its model's rates; null if there are none.</summary>
    public RateReservation? Rates { get; set; }

    /// <summary>What it has taken of the limits on requests at once; null while it has not.</summary>
    public Seat? Seat { get; set; }

    /// <summary>Null for a request without one.</summary>
    public RequestBody? Body { get; set; }

    public RequestPeek Peek { get; set; }

    /// <summary>Null unless its model is served by engines that take tokens.</summary>
    public TokenPlan? Plan { get; set; }

    /// <summary>As it was when last looked up.</summary>
    public ModelSnapshot? Model { get; set; }

    /// <summary>
    /// Of the attempt that is running. A field, because a lease must not be copied: the attempt loop takes and releases it,
    /// the relay tells it that the prefill is over.
    /// </summary>
    public AttemptLease Lease;

    /// <summary>Whose answer the client gets, in the last attempt.</summary>
    public Worker? Worker { get; set; }

    /// <summary>The other half of the pair in the last attempt; null if a worker did it alone.</summary>
    public Worker? PrefillWorker { get; set; }

    /// <summary>How the last attempt's worker was chosen, for the dashboard. A field, so that it can be written in place.</summary>
    public RouteFacts Route;

    public int Attempts { get; set; }

    /// <summary>Bytes of the answer's body.</summary>
    public long BytesSent { get; set; }

    public ExchangeEnding Ending { get; set; }

    /// <summary>What the gateway has answered or ended it with; null if the engine's word was the last one. See <see cref="GatewayError.Code"/>.</summary>
    public string? ErrorCode { get; set; }

    /// <summary>What it is counted with; null while its model is not known, and if nothing is measured.</summary>
    public EndpointSeries? Series { get; set; }

    /// <summary>What is told of it to a collector; null unless it is sampled.</summary>
    public RequestTrace? Trace { get; set; }

    /// <summary>The end of the engine's answer, in which it says what it cost; null if nobody wants to know.</summary>
    public UsageTail? Usage { get; set; }

    /// <summary>Null as long as it is not known, and for good if the engine does not tell.</summary>
    public Usage? Tokens { get; set; }

    /// <summary>Tells how long engines have been waited for; null unless attempts are under way.</summary>
    public ActivityTimeout? Clock { get; set; }

    /// <summary>Where its time went. A field, so that it can be written in place.</summary>
    public ExchangeTimes Times;

    public bool ClientIsGone => Ending == ExchangeEnding.ClientGone;

    /// <summary>How it is told of: the answer's status, or 499 if nobody was there to get it.</summary>
    public int Status => ClientIsGone ? StatusCodes.Status499ClientClosedRequest : Context.Response.StatusCode;

    /// <summary>A piece of the engine's answer has come that was waited for.</summary>
    /// <param name="now">When.</param>
    public void Arrived(long now)
    {
        if (Series is { } series)
            series.Arrived(ref Times, now, Peek.Stream);
        else
            Times.Arrived(now);
        Trace?.Arrived(Worker);
    }

    public static Exchange Of(HttpContext context) => context.Features.GetRequiredFeature<Exchange>();
}
