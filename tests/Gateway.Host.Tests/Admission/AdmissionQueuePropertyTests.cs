using CsCheck;
using Gateway.Host.Admission;

namespace Gateway.Host.Tests.Admission;

/// <summary>Any history of arrivals, departures, clients that go, time that passes and a drain, against the naive list of who is where.</summary>
public sealed class AdmissionQueuePropertyTests
{
    private const int Cap = 3;
    private const int TenantCap = 2;
    private const int ModelCap = 2;
    private const int Size = 6;

    private enum Step
    {
        Arrive,
        Leave,
        ClientGoes,
        TimePasses,
        Drain,
    }

    private static readonly Gen<Action> Actions = Gen.Select(
        Gen.Frequency(
            (8, Gen.Const(Step.Arrive)), (6, Gen.Const(Step.Leave)), (2, Gen.Const(Step.ClientGoes)), (2, Gen.Const(Step.TimePasses)), (1, Gen.Const(Step.Drain))),
        Gen.Int[0, 3],
        Gen.Int[0, 2],
        Gen.Int[0, 2],
        Gen.Int[0, 1000],
        static (step, priority, tenant, model, which) => new Action(step, (RequestPriority)priority, tenant, model, which));

    [Fact]
    public void No_history_breaks_a_limit_loses_a_place_or_lets_anybody_overtake_his_own_kind() =>
        Actions.Array[0, 60].Sample(static actions => new History().Run(actions), iter: 2_000);

    private sealed record Action(Step Step, RequestPriority Priority, int Tenant, int Model, int Which);

    private sealed class History
    {
        private readonly QueueUnderTest _scene = new(Cap, Size);

        // One tenant without a limit, two with one; no model, and two with a limit.
        private readonly Tenant[] _tenants = [QueueUnderTest.TenantOf("free"), QueueUnderTest.TenantOf("b", TenantCap), QueueUnderTest.TenantOf("c", TenantCap)];
        private readonly ConcurrencyLimit?[] _models = [null, new ConcurrencyLimit(ModelCap), new ConcurrencyLimit(ModelCap)];
        private readonly List<QueuedRequest> _all = [];
        private bool _drained;

        public void Run(Action[] actions)
        {
            foreach (var action in actions)
            {
                QueuedRequest[] waitedBefore = [.. _all.Where(static request => request.IsWaiting)];
                Do(action);
                _scene.Settle();
                AssertLimits();
                AssertNobodyIsForgotten();
                AssertOrder(waitedBefore);
            }

            while (_all.Find(static request => request.IsRunning) is { } running)
                running.Leave();
            Assert.DoesNotContain(_all, static request => request.IsWaiting);
            Assert.Equal(0, _scene.Queue.Running);
            Assert.All(_tenants, static tenant => Assert.False(tenant.Concurrency is { Running: not 0 } or { HasWaiters: true }));
            Assert.All(_models, static model => Assert.False(model is { Running: not 0 } or { HasWaiters: true }));
        }

        private void Do(Action action)
        {
            switch (action.Step)
            {
                case Step.Arrive:
                    _all.Add(_scene.Arrive(_tenants[action.Tenant], action.Priority, _models[action.Model]));
                    break;
                case Step.Leave:
                    Pick(static request => request.IsRunning, action.Which)?.Leave();
                    break;
                case Step.ClientGoes:
                    Pick(static request => request.IsWaiting, action.Which)?.ClientGoes();
                    break;
                case Step.TimePasses:
                    _scene.Time.Advance(TimeSpan.FromSeconds(action.Which % 25));
                    break;
                case Step.Drain:
                    // Now and then only, or there would be little to see.
                    _drained |= action.Which % 8 == 0;
                    if (_drained)
                        _scene.Queue.Close();
                    break;
            }
        }

        private QueuedRequest? Pick(Func<QueuedRequest, bool> condition, int which)
        {
            QueuedRequest[] candidates = [.. _all.Where(condition)];
            return candidates.Length == 0 ? null : candidates[which % candidates.Length];
        }

        private void AssertLimits()
        {
            QueuedRequest[] running = [.. _all.Where(static request => request.IsRunning)];
            Assert.InRange(running.Length, 0, Cap);
            Assert.Equal(running.Length, _scene.Queue.Running);
            Assert.InRange(_scene.Queue.Waiting, 0, _drained ? 0 : Size);
            foreach (var tenant in _tenants.Where(static tenant => tenant.Concurrency is not null))
                Assert.InRange(running.Count(request => request.Seat.Tenant == tenant), 0, TenantCap);
            foreach (var model in _models.Where(static model => model is not null))
                Assert.InRange(running.Count(request => request.Seat.Model == model), 0, ModelCap);
        }

        /// <summary>A place that somebody could use is never left empty.</summary>
        private void AssertNobodyIsForgotten()
        {
            if (_scene.Queue.Running < Cap)
                Assert.DoesNotContain(_all, static request => request.IsWaiting && request.Seat.HasRoom);
        }

        /// <summary>Who still waits was not overtaken by a later one of the same priority, tenant and model.</summary>
        private static void AssertOrder(QueuedRequest[] waitedBefore)
        {
            for (var i = 0; i < waitedBefore.Length; i++)
            {
                if (!waitedBefore[i].IsWaiting)
                    continue;
                var overtaken = waitedBefore[i];
                Assert.DoesNotContain(
                    waitedBefore[(i + 1)..],
                    later => later.IsAdmitted && later.Seat == overtaken.Seat && later.Priority == overtaken.Priority);
            }
        }
    }
}
