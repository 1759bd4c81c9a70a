using System.Text.Json;
using Gateway.Simulator.Engine;

namespace Gateway.Simulator.Api;

/// <summary>What every request goes through before its endpoint: faults, loading, key.</summary>
internal static class RequestPipeline
{
    public static async Task HandleAsync(Exchange exchange)
    {
        try
        {
            await DispatchAsync(exchange);
        }
        catch (ApiException error)
        {
            await exchange.WriteErrorAsync(error);
        }
        catch (GenerationFailedException failure)
        {
            await exchange.WriteErrorAsync(ApiException.Failed(failure));
        }
        catch (JsonException error)
        {
            await exchange.WriteErrorAsync(new ApiException(400, "invalid_json", $"The body is not the JSON that it should be: {error.Message}"));
        }
        catch (Exception error) when (error is StreamFaultException or EngineStoppedException)
        {
            await exchange.ResetAsync();
        }
        catch (Exception error) when (error is OperationCanceledException or IOException && exchange.Aborted.IsCancellationRequested)
        {
            // The client has gone, or the worker has: there is nobody to answer.
            exchange.Context.Abort();
        }
        catch (Exception error) when (!exchange.Response.HasStarted)
        {
            // A bug of the simulator: whoever sees it should be able to report it.
            await exchange.WriteErrorAsync(new ApiException(500, "simulator_bug", error.ToString()));
        }
    }

    private static async Task DispatchAsync(Exchange exchange)
    {
        exchange.Response.Headers["x-simulated-engine"] = exchange.Options.Name;
        var path = exchange.Request.Path.Value ?? "/";
        var endpoint = EndpointTable.Find(exchange.Life.Endpoints, path);
        exchange.Life.Stats.CountRequest(endpoint is null ? "other" : path);
        exchange.Life.Report(exchange.Request);
        if (exchange.Life.Refuses)
        {
            await exchange.ResetAsync();
            return;
        }

        if (endpoint is null)
            throw new ApiException(404, "not_found", $"There is no {path} here.");
        if (endpoint.Kind != EndpointKind.Admin && exchange.Life.Faults.Draw(endpoint.Kind == EndpointKind.Probe) is { } fault)
        {
            exchange.Life.Stats.CountFault();
            if (await StrikeAsync(exchange, fault))
                return;
        }

        if (!endpoint.Methods.Contains(exchange.Request.Method))
            throw new ApiException(405, "method_not_allowed", $"{path} does not take {exchange.Request.Method}.");
        if (endpoint.NeedsKey)
            CheckKey(exchange);
        if (endpoint.NeedsModel && exchange.Life.IsLoading)
            throw new ApiException(503, "loading", "The model is still being loaded.");
        if (endpoint.Kind == EndpointKind.Probe)
            await exchange.BreakIfFaultyAsync();
        await endpoint.HandleAsync(exchange);
    }

    /// <returns>True if the request has been dealt with.</returns>
    private static async Task<bool> StrikeAsync(Exchange exchange, FaultRule fault)
    {
        switch (fault.Kind)
        {
            case FaultKind.Hang:
                await Task.Delay(Timeout.InfiniteTimeSpan, exchange.Aborted);
                return true;
            case FaultKind.Crash:
                await exchange.Life.CrashAsync(fault.ForMs is { } pause ? TimeSpan.FromMilliseconds(pause) : null);
                return true;
            case FaultKind.Status:
                if (fault.RetryAfterSeconds is { } seconds)
                    exchange.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
                throw new ApiException(fault.Status, "simulated_fault", "This failure is simulated.");
            default:
                exchange.Fault = fault;
                return false;
        }
    }

    /// <exception cref="ApiException">The worker has a key, and this request another or none.</exception>
    public static void CheckKey(Exchange exchange)
    {
        if (exchange.Options.ApiKey is { } key && exchange.Request.Headers.Authorization != $"Bearer {key}")
            throw new ApiException(401, "invalid_api_key", "This worker needs its API key as the bearer token.");
    }
}
