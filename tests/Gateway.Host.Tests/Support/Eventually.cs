namespace Gateway.Host.Tests.Support;

/// <summary>Waits for what must come about by itself.</summary>
internal static class Eventually
{
    /// <summary>Only ends a run that has gone wrong; no test depends on its length.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public static async Task HoldsAsync(Func<bool> condition, string what)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!condition())
        {
            if (limit.IsCancellationRequested)
                Assert.Fail($"waited in vain until {what}");
            await Task.Delay(10, CancellationToken.None);
        }
    }
}
