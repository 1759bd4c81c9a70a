namespace Gateway.Simulator.Tests.Http;

/// <summary>For what happens on the other side of a socket: soon, but nobody says when.</summary>
internal static class Eventually
{
    // Only ends a run that has gone wrong; no test depends on its length.
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    /// <summary>Asks until it is answered: who has been refused waits a while before it connects again.</summary>
    public static async Task AnswersAsync(Func<Task> ask)
    {
        using var patience = new CancellationTokenSource(_patience);
        while (true)
        {
            try
            {
                await ask();
                return;
            }
            catch (global::Grpc.Core.RpcException)
            {
                await Task.Delay(5, patience.Token);
            }
        }
    }

    public static async Task BecomesTrueAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(_patience);
        while (!condition())
            await Task.Delay(5, patience.Token);
    }
}
