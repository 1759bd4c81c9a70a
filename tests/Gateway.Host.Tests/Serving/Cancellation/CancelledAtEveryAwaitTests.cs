namespace Gateway.Host.Tests.Serving.Cancellation;

/// <summary>
/// The client goes during each of the waits of the request path in turn, whatever the request meets there. In the access log there is one line
/// of it, and nowhere else anything.
/// </summary>
public sealed class CancelledAtEveryAwaitTests
{
    public static TheoryData<string, bool, bool> Cases
    {
        get
        {
            var cases = new TheoryData<string, bool, bool>();
            foreach (var situation in Situation.Sound.Keys.Concat(Situation.Failing.Keys))
            {
                foreach (var yields in (bool[])[false, true])
                {
                    cases.Add(situation, yields, false);
                    cases.Add(situation, yields, true);
                }
            }

            return cases;
        }
    }

    /// <param name="met">What the request meets.</param>
    /// <param name="yields">See <see cref="Waiting.Yields"/>.</param>
    /// <param name="notices">See <see cref="Waiting.Notices"/>.</param>
    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_client_that_goes_during_any_wait_leaves_nothing_behind(string met, bool yields, bool notices)
    {
        var waiting = new Waiting(yields, notices);
        var situation = Situation.Sound.GetValueOrDefault(met) ?? Situation.Failing[met];
        await using var scene = await RequestScene.StartAsync(situation);
        var stays = new Steps(leavesAt: 0, waiting);
        var whole = await scene.RunAsync(stays);
        Assert.Equal(situation.Status, whole.Status);
        Assert.True(stays.Places.Count >= 3, stays.ToString());

        for (var at = 1; at <= stays.Places.Count; at++)
        {
            var goes = new Steps(at, waiting);
            var end = await scene.RunAsync(goes);
            Assert.True(goes.ClientIsGone, $"it did not go: {goes}");
            // Else it went when the last of the answer was on its way already.
            if (end.Status != 499)
                Assert.Equal(whole, end);
        }
    }
}
