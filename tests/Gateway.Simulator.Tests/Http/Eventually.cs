namespace Gateway.Simulator.Tests.Http;

/// <summary>For what happens on the other side of a socket: soon, but nobody says when.</summary>
internal static class Eventually
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    public static async Task BecomesTrueAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(_patience);
        while (!condition())
            await Task.Delay(5, patience.Token);
    }
}
