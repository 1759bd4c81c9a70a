namespace Gateway.Actors.Tests.Support;

/// <summary>What code allocates on its own thread.</summary>
internal static class Allocations
{
    /// <summary>The smallest object there is.</summary>
    private const int SmallestObject = 24;

    /// <summary>
    /// Fails if a call allocates anything. It asks for less than one object per call and not for zero bytes: a collection that another test
    /// sets off charges the thread with the rest of its allocation buffer, up to 8 KiB.
    /// </summary>
    /// <param name="calls">At least 1,000.</param>
    /// <param name="call">Called with its number. The first of all should have been made before.</param>
    public static void AssertNone(int calls, Action<int> call)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(calls, 1000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < calls; i++)
            call(i);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (SmallestObject * calls) - 1);
    }
}
