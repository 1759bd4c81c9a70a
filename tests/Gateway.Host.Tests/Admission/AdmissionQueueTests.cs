using Gateway.Host.Admission;

namespace Gateway.Host.Tests.Admission;

public sealed class AdmissionQueueTests
{
    private const RequestPriority Bulk = RequestPriority.Bulk;
    private const RequestPriority Interactive = RequestPriority.Interactive;

    [Fact]
    public void Over_the_cap_a_request_waits_and_gets_the_place_of_the_one_that_leaves()
    {
        var scene = new QueueUnderTest(cap: 1);
        var first = scene.Arrive();
        var second = scene.Arrive();
        Assert.True(second.IsWaiting);

        first.Leave();

        Assert.True(second.IsRunning);
        Assert.Equal(1, scene.Queue.Running);
        second.Leave();
        Assert.Equal(0, scene.Queue.Running);
    }

    [Fact]
    public void Without_a_cap_nobody_waits()
    {
        var scene = new QueueUnderTest(cap: 0);

        Assert.All(Enumerable.Range(0, 1000).Select(_ => scene.Arrive()), static request => Assert.True(request.IsRunning));
    }

    [Fact]
    public void Requests_of_a_tenant_are_served_in_the_order_they_came()
    {
        var scene = new QueueUnderTest(cap: 1);

        var order = QueueUnderTest.OrderOf(scene.Arrive(), ("1", scene.Arrive()), ("2", scene.Arrive()), ("3", scene.Arrive()));

        Assert.Equal("1 2 3", order);
    }

    [Fact]
    public void Tenants_take_turns_however_many_each_has_waiting()
    {
        var scene = new QueueUnderTest(cap: 1);
        var (a, b, c) = (QueueUnderTest.TenantOf("a"), QueueUnderTest.TenantOf("b"), QueueUnderTest.TenantOf("c"));

        var order = QueueUnderTest.OrderOf(
            scene.Arrive(),
            ("a1", scene.Arrive(a)),
            ("a2", scene.Arrive(a)),
            ("a3", scene.Arrive(a)),
            ("b1", scene.Arrive(b)),
            ("b2", scene.Arrive(b)),
            ("c1", scene.Arrive(c)));

        Assert.Equal("a1 b1 c1 a2 b2 a3", order);
    }

    [Fact]
    public void A_higher_priority_goes_first()
    {
        var scene = new QueueUnderTest(cap: 1);

        var order = QueueUnderTest.OrderOf(
            scene.Arrive(),
            ("bulk", scene.Arrive(priority: Bulk)),
            ("default", scene.Arrive()),
            ("system", scene.Arrive(priority: RequestPriority.System)),
            ("interactive", scene.Arrive(priority: Interactive)));

        Assert.Equal("system interactive default bulk", order);
    }

    [Fact]
    public void Who_has_waited_too_long_gets_every_fourth_place()
    {
        var scene = new QueueUnderTest(cap: 1);
        var running = scene.Arrive();
        var bulk = Enumerable.Range(1, 2).Select(i => ($"b{i}", scene.Arrive(priority: Bulk))).ToArray();
        scene.Time.Advance(QueueUnderTest.Promotion);
        var urgent = Enumerable.Range(1, 7).Select(i => ($"i{i}", scene.Arrive(priority: Interactive))).ToArray();

        Assert.Equal("i1 i2 i3 b1 i4 i5 i6 b2 i7", QueueUnderTest.OrderOf(running, [.. bulk, .. urgent]));
    }

    [Fact]
    public void A_newcomer_does_not_overtake_those_who_wait()
    {
        var scene = new QueueUnderTest(cap: 2);
        var (one, two) = (scene.Arrive(), scene.Arrive());
        var waiting = scene.Arrive();
        one.Leave();
        two.Leave();

        Assert.True(waiting.IsRunning);
        Assert.True(scene.Arrive().IsRunning);
        Assert.True(scene.Arrive().IsWaiting);
    }

    [Fact]
    public void A_tenant_at_its_limit_waits_without_holding_up_others()
    {
        var scene = new QueueUnderTest(cap: 10);
        var small = QueueUnderTest.TenantOf("small", most: 1);
        var first = scene.Arrive(small);
        var second = scene.Arrive(small);

        Assert.True(second.IsWaiting);
        Assert.True(scene.Arrive().IsRunning);
        first.Leave();
        Assert.True(second.IsRunning);
    }

    [Fact]
    public void A_model_at_its_limit_holds_up_no_other_model_of_the_same_tenant()
    {
        var scene = new QueueUnderTest(cap: 2);
        var (busy, idle) = (new ConcurrencyLimit(1), new ConcurrencyLimit(1));
        var first = scene.Arrive(model: busy);
        var other = scene.Arrive();
        var second = scene.Arrive(model: busy);
        var third = scene.Arrive(model: idle);

        other.Leave();

        Assert.True(second.IsWaiting);
        Assert.True(third.IsRunning);
        first.Leave();
        Assert.True(second.IsRunning);
    }

    [Fact]
    public void When_the_queue_is_full_the_next_is_refused_and_told_how_long_the_queue_takes()
    {
        var scene = new QueueUnderTest(cap: 1, size: 1);
        scene.Arrive();
        var waiting = scene.Arrive();
        scene.Time.Advance(TimeSpan.FromSeconds(12));

        var refused = scene.Arrive();

        Assert.True(waiting.IsWaiting);
        Assert.Equal("queue_full", refused.RefusedWith);
        Assert.Equal(12, refused.RetryAfter);
    }

    [Fact]
    public void With_no_queue_a_request_is_refused_at_once_or_runs_at_once()
    {
        var scene = new QueueUnderTest(cap: 1, size: 0);
        var first = scene.Arrive();

        Assert.Equal("queue_full", scene.Arrive().RefusedWith);
        first.Leave();
        Assert.True(scene.Arrive().IsRunning);
    }

    [Fact]
    public void A_full_queue_makes_room_for_a_higher_priority_at_the_cost_of_the_newest_of_the_lowest()
    {
        var scene = new QueueUnderTest(cap: 1, size: 3);
        scene.Arrive();
        var waiting = new[] { scene.Arrive(priority: Bulk), scene.Arrive(priority: Bulk), scene.Arrive() };

        Assert.Null(scene.Queue.RefuseIfHopeless(scene.Tenant, Interactive));
        Assert.True(scene.Arrive(priority: Interactive).IsWaiting);

        Assert.True(waiting[0].IsWaiting);
        Assert.Equal("queue_full", waiting[1].RefusedWith);
        Assert.True(waiting[2].IsWaiting);
    }

    [Fact]
    public void A_tenant_cannot_keep_others_out_by_filling_the_queue()
    {
        var scene = new QueueUnderTest(cap: 1, size: 4);
        var (greedy, modest) = (QueueUnderTest.TenantOf("greedy"), QueueUnderTest.TenantOf("modest"));
        scene.Arrive();
        var crowd = Enumerable.Range(0, 4).Select(_ => scene.Arrive(greedy)).ToArray();

        var first = scene.Arrive(modest);
        var second = scene.Arrive(modest);
        var third = scene.Arrive(modest);

        Assert.Equal([null, null, "queue_full", "queue_full"], crowd.Select(static request => request.RefusedWith));
        Assert.True(first.IsWaiting);
        Assert.True(second.IsWaiting);
        Assert.Equal("queue_full", third.RefusedWith);
        Assert.NotNull(scene.Queue.RefuseIfHopeless(modest, RequestPriority.Default));
        Assert.NotNull(scene.Queue.RefuseIfHopeless(greedy, RequestPriority.Default));
    }

    [Fact]
    public void Who_is_starving_is_not_pushed_out()
    {
        var scene = new QueueUnderTest(cap: 1, size: 1);
        scene.Arrive();
        var bulk = scene.Arrive(priority: Bulk);
        scene.Time.Advance(QueueUnderTest.Promotion);

        Assert.NotNull(scene.Queue.RefuseIfHopeless(scene.Tenant, Interactive));
        Assert.Equal("queue_full", scene.Arrive(priority: Interactive).RefusedWith);
        Assert.True(bulk.IsWaiting);
    }

    [Fact]
    public void A_request_that_has_waited_too_long_is_refused_and_leaves_its_place_in_line()
    {
        var scene = new QueueUnderTest(cap: 1, size: 1);
        var running = scene.Arrive();
        var late = scene.Arrive();
        scene.Time.Advance(QueueUnderTest.Timeout - TimeSpan.FromMilliseconds(1));
        Assert.True(late.IsWaiting);

        scene.Time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal("queue_timeout", late.RefusedWith);
        var next = scene.Arrive();
        running.Leave();
        Assert.True(next.IsRunning);
    }

    [Fact]
    public void A_client_that_goes_leaves_the_line_at_once()
    {
        var scene = new QueueUnderTest(cap: 1, size: 1);
        scene.Arrive();
        var waiting = scene.Arrive();

        waiting.ClientGoes();

        Assert.True(waiting.IsGone);
        Assert.Equal(0, scene.Queue.Waiting);
    }

    [Fact]
    public void A_drain_ends_the_waiting_at_once_and_those_who_run_go_on()
    {
        var scene = new QueueUnderTest(cap: 1);
        var running = scene.Arrive();
        var waiting = scene.Arrive();

        scene.Queue.Close();

        Assert.Equal("gateway_draining", waiting.RefusedWith);
        Assert.Equal("gateway_draining", scene.Arrive().RefusedWith);
        running.Leave();
        Assert.Equal(0, scene.Queue.Running);
    }

    [Fact]
    public void A_request_that_need_not_wait_allocates_nothing()
    {
        var queue = new QueueUnderTest(cap: 10).Queue;
        var seat = new Seat(QueueUnderTest.TenantOf("a", most: 5), new ConcurrencyLimit(5));
        Pass(queue, seat, 100);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Pass(queue, seat, 10_000);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static void Pass(AdmissionQueue queue, Seat seat, int times)
    {
        for (var i = 0; i < times; i++)
        {
            if (!queue.TryEnter(seat))
                throw new InvalidOperationException("There was room.");
            queue.Leave(seat);
        }
    }
}
