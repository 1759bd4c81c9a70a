using Gateway.Actors.Registry;
using Gateway.Actors.Tests.Support;

namespace Gateway.Actors.Tests.Registry;

public sealed class RegistryViewTests : FleetTestKit
{
    [Fact]
    public void Whoever_waits_for_the_next_snapshot_is_told_when_it_is_there()
    {
        var seen = Current;
        var next = View.NextAfter(seen);
        Assert.False(next.IsCompleted);

        Register("http://a:1", "m");

        Assert.True(next.IsCompletedSuccessfully);
        Assert.False(View.NextAfter(Current).IsCompleted);
    }

    [Fact]
    public void Whoever_missed_a_snapshot_is_told_at_once()
    {
        var seen = Current;
        Register("http://a:1", "m");
        Assert.True(View.NextAfter(seen).IsCompletedSuccessfully);
    }
}
