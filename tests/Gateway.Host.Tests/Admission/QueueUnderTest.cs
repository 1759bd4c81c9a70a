using Gateway.Host.Admission;
using Gateway.Host.Api;
using Gateway.Host.Configuration;

namespace Gateway.Host.Tests.Admission;

/// <summary>A queue whose time the test moves, and one tenant without limits.</summary>
internal sealed class QueueUnderTest
{
    private readonly List<QueuedRequest> _requests = [];

    public QueueUnderTest(int cap, int size = 100)
    {
        var limits = new LimitOptions
        {
            MaxConcurrentRequests = cap,
            QueueSize = size,
            QueueTimeout = Timeout,
            QueuePromotion = Promotion,
        };
        Queue = new AdmissionQueue(new GatewayOptions { Limits = limits }, Time);
    }

    public static TimeSpan Timeout { get; } = TimeSpan.FromSeconds(60);

    public static TimeSpan Promotion { get; } = TimeSpan.FromSeconds(20);

    public ManualTime Time { get; } = new();

    public AdmissionQueue Queue { get; }

    public Tenant Tenant { get; } = TenantOf("a");

    public static Tenant TenantOf(string name, int? most = null) =>
        new() { Name = name, Concurrency = most is { } limit ? new ConcurrencyLimit(limit) : null };

    public QueuedRequest Arrive(Tenant? tenant = null, RequestPriority priority = RequestPriority.Default, ConcurrencyLimit? model = null)
    {
        var request = new QueuedRequest(this, new Seat(tenant ?? Tenant, model), priority);
        _requests.Add(request);
        return request;
    }

    /// <summary>What the queue has decided reaches the tasks by way of the thread pool: waits until it has.</summary>
    public void Settle() => Assert.True(
        SpinWait.SpinUntil(() => _requests.Count(static request => !request.HasEnded) == Queue.Waiting, TimeSpan.FromSeconds(30)),
        "the queue and those who wait in it do not agree on who waits");

    /// <summary>Lets those in line be served one after the other, in the place of the one who runs, and says in which order.</summary>
    public static string OrderOf(QueuedRequest running, params (string Name, QueuedRequest Request)[] waiting)
    {
        List<string> order = [];
        List<(string Name, QueuedRequest Request)> left = [.. waiting];
        while (left.Count > 0)
        {
            Assert.DoesNotContain(left, static one => one.Request.IsRunning);
            running.Leave();
            var next = Assert.Single(left, static one => one.Request.IsRunning);
            left.Remove(next);
            order.Add(next.Name);
            running = next.Request;
        }

        running.Leave();
        return string.Join(' ', order);
    }
}

/// <summary>A request that has come to the queue.</summary>
internal sealed class QueuedRequest
{
    private readonly QueueUnderTest _scene;
    private readonly CancellationTokenSource _client = new();
    private readonly Task<GatewayError?> _turn;

    public QueuedRequest(QueueUnderTest scene, Seat seat, RequestPriority priority)
    {
        _scene = scene;
        var queue = scene.Queue;
        Seat = seat;
        Priority = priority;
        _turn = queue.TryEnter(seat) ? Task.FromResult<GatewayError?>(null) : queue.WaitAsync(seat, priority, _client.Token).AsTask();
    }

    /// <summary>True if the task has ended; the queue may have decided a moment before.</summary>
    public bool HasEnded => _turn.IsCompleted;

    public Seat Seat { get; }

    public RequestPriority Priority { get; }

    public bool HasLeft { get; private set; }

    public bool IsWaiting => !Settled().IsCompleted;

    public bool IsAdmitted => Settled() is { IsCompletedSuccessfully: true, Result: null };

    public bool IsRunning => IsAdmitted && !HasLeft;

    public bool IsGone => Settled().IsCanceled;

    public string? RefusedWith => Settled() is { IsCompletedSuccessfully: true, Result: { } error } ? error.Code : null;

    public int? RetryAfter => Settled() is { IsCompletedSuccessfully: true, Result: { } error } ? error.RetryAfterSeconds : null;

    public void Leave()
    {
        Assert.True(IsRunning);
        HasLeft = true;
        _scene.Queue.Leave(Seat);
    }

    public void ClientGoes() => _client.Cancel();

    private Task<GatewayError?> Settled()
    {
        _scene.Settle();
        return _turn;
    }
}
