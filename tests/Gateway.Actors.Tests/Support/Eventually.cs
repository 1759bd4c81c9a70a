using Xunit.Sdk;

namespace Gateway.Actors.Tests.Support;

/// <summary>Waits for what must come about by itself, on the other side of a socket.</summary>
internal static class Eventually
{
    /// <summary>Only ends a run that has gone wrong; no test depends on its length.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <param name="assert">Fails as long as it has not come about.</param>
    public static async Task HoldsAsync(Action assert)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (true)
        {
            try
            {
                assert();
                return;
            }
            catch (XunitException) when (!limit.IsCancellationRequested)
            {
                await Task.Delay(10, CancellationToken.None);
            }
        }
    }
}
