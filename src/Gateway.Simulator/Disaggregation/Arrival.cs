using Gateway.Simulator.Engine;

namespace Gateway.Simulator.Disaggregation;

/// <summary>Brings a decode worker's generation the keys and values that it waits for.</summary>
internal static class Arrival
{
    /// <summary>Begins the generation, or fails it; gives up if it ends before.</summary>
    /// <param name="rank">Data-parallel rank of the prefill worker, if the request names one.</param>
    public static async Task AwaitAsync(Generation generation, RoomAddress address, int? rank, BootstrapClient client, SimulatorOptions options)
    {
        using var patience = new CancellationTokenSource(options.BootstrapTimeout, options.TimeProvider);
        var fetch = client.FetchAsync(address, rank, generation.Prompt, patience.Token);
        if (await Task.WhenAny(fetch, generation.Ended) != fetch)
            await patience.CancelAsync();
        try
        {
            await fetch;
            generation.Receive();
        }
        catch (OperationCanceledException)
        {
            generation.Fail(new HandoverException(address.Room, $"nothing within {options.BootstrapTimeout.TotalSeconds} s").Message);
        }
        catch (Exception error)
        {
            // Whatever it was: somebody waits for the generation's end.
            generation.Fail(error.Message);
        }
    }
}
