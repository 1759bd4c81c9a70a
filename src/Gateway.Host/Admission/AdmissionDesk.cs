using Gateway.Host.Api;
using Gateway.Host.Serving;

namespace Gateway.Host.Admission;

/// <summary>
/// What a request meets on its way in: whose it is, whether its tenant's and its model's rates allow it, and a seat, for which it may have
/// to wait. What concerns the tenant alone is asked before its body is read, the rest when its model is known.
/// </summary>
internal sealed class AdmissionDesk(
    ApiKeyCheck keys, TenantDirectory tenants, ModelLimits models, ModelRates modelRates, AdmissionQueue queue, TimeProvider time)
{
    /// <summary>Finds out whose request it is and how urgent.</summary>
    /// <param name="exchange">The request.</param>
    /// <param name="isOpen">True if no key is needed.</param>
    /// <returns>Null, or the refusal.</returns>
    public GatewayError? Identify(Exchange exchange, bool isOpen)
    {
        var request = exchange.Context.Request;
        GatewayError? refusal = null;
        if ((isOpen ? tenants.Gateway : keys.TenantOf(request, out refusal)) is not { } tenant)
            return refusal;
        exchange.Tenant = tenant;
        // A health check that waits behind the load would have the gateway restarted for being busy.
        exchange.Priority = isOpen ? RequestPriority.System : PriorityHeader.Of(request, tenant);
        if (queue.RefuseIfHopeless(tenant, exchange.Priority) is { } full)
            return full;
        return tenant.Rates is { } rates ? ReservationOf(exchange).BeginTenant(rates) : null;
    }

    /// <summary>Reserves the tokens and takes a seat, or waits for one.</summary>
    /// <returns>Null, or the refusal.</returns>
    /// <exception cref="OperationCanceledException">The client went away while it waited.</exception>
    public ValueTask<GatewayError?> EnterAsync(Exchange exchange)
    {
        if (Reserve(exchange) is { } refusal)
            return new ValueTask<GatewayError?>(refusal);
        var seat = new Seat(exchange.Tenant!, models.Of(exchange.Model!));
        if (!queue.TryEnter(seat))
            return WaitAsync(exchange, seat);
        exchange.Seat = seat;
        return default;
    }

    /// <summary>Gives back what the request has taken, whatever that is. Once, at its end.</summary>
    public void Leave(Exchange exchange)
    {
        // The tail goes with the reservation.
        if (exchange.Rates?.Usage is not null)
            exchange.Usage = null;
        if (exchange.Seat is { } seat)
            queue.Leave(seat);
        exchange.Rates?.Settle(exchange.Attempts > 0, exchange.Context.Response.StatusCode < StatusCodes.Status400BadRequest);
    }

    private GatewayError? Reserve(Exchange exchange)
    {
        // The gateway's own questions count for no model: clients that use it up must not have the gateway restarted.
        if (exchange.Tenant != tenants.Gateway
            && modelRates.Of(exchange.Model!) is { } rates
            && ReservationOf(exchange).BeginModel(rates) is { } refusal)
            return refusal;
        var refused = exchange.Rates?.Reserve(TokenEstimate.Of(exchange.Body?.Length ?? 0, exchange.Peek, exchange.Endpoint!));
        exchange.Usage = exchange.Rates?.Usage;
        return refused;
    }

    private static RateReservation ReservationOf(Exchange exchange)
    {
        if (exchange.Rates is { } present)
            return present;
        exchange.Rates = new RateReservation();
        RateLimitHeaders.Announce(exchange.Context.Response, exchange.Rates);
        return exchange.Rates;
    }

    private async ValueTask<GatewayError?> WaitAsync(Exchange exchange, Seat seat)
    {
        var since = time.GetTimestamp();
        try
        {
            var refusal = await queue.WaitAsync(seat, exchange.Priority, exchange.Context.RequestAborted);
            if (refusal is null)
                exchange.Seat = seat;
            return refusal;
        }
        finally
        {
            exchange.Times.Queue = time.GetTimestamp() - since;
        }
    }
}
