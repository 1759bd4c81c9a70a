using CsCheck;
using Gateway.Actors.Registrations;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Tests.Registrations;

public sealed class RegistrationMapTests
{
    private static readonly Gen<WorkerSpec> Specs =
        from port in Gen.Int[1, 4]
        from detail in Gen.Int[0, 5]
        select new WorkerSpec
        {
            Url = WorkerUrl.Parse($"http://w:{port}"),
            Priority = detail,
            Models = detail > 2 ? [new ModelCard("m", ["alias"], 4096)] : [],
            Labels = new Labels(detail > 3 ? [new("zone", "a")] : []),
            ApiKey = detail > 1 ? new Secret($"key-{detail}") : null,
            Health = detail == 5 ? new HealthOverrides { Interval = TimeSpan.FromTicks(12_345), Disabled = false } : null,
            Breaker = detail == 4 ? new BreakerOverrides { OpenDuration = TimeSpan.FromSeconds(1), FailureThreshold = 0 } : null,
            Retry = detail == 3 ? new RetryOverrides { StatusCodes = [], JitterFactor = 0 } : null,
            DataParallelSize = detail == 2 ? 8 : null,
            BootstrapPort = detail == 1 ? 8998 : null,
            ServerName = detail == 3 ? "engine.test" : null,
            Role = detail == 1 ? WorkerRole.Prefill : WorkerRole.Regular,
        };

    private static readonly Gen<Registration> Registrations =
        from spec in Specs
        from revision in Gen.Long[1, 3]
        from second in Gen.Int[0, 2]
        from removed in Gen.Int[0, 3]
        select new Registration(
            spec.Url,
            revision,
            DateTimeOffset.UnixEpoch.AddSeconds(second),
            removed == 0 ? null : spec,
            removed == 0 ? new Removal(second == 0 ? null : TimeSpan.FromSeconds(second), second == 1, "gone") : null);

    private static readonly Gen<RegistrationMap> Maps = Registrations.List[0, 8].Select(static list => RegistrationMap.Of(list));

    [Fact]
    public void Gateways_that_have_heard_the_same_agree_in_whatever_order_and_however_often_they_heard_it() =>
        Gen.Select(Maps, Maps, Maps).Sample(static (a, b, c) =>
        {
            Assert.Equal(Content(a.Merge(b)), Content(b.Merge(a)));
            Assert.Equal(Content(a.Merge(b).Merge(c)), Content(a.Merge(b.Merge(c))));
            Assert.Same(a, a.Merge(a));
            var both = a.Merge(b);
            Assert.Same(both, both.Merge(b));
        });

    [Fact]
    public void The_news_for_another_are_what_it_lacks() =>
        Gen.Select(Maps, Maps).Sample(static (a, b) =>
            Assert.Equal(Content(a.Merge(b)), Content(b.Merge(RegistrationMap.Of(a.NewsFor(b))))));

    [Fact]
    public void Nothing_is_lost_on_the_wire() =>
        Maps.Sample(static map =>
        {
            var read = RegistrationWire.Read(RegistrationWire.Write(map));
            Assert.Equal(map.ByPlace, read.ByPlace);
            Assert.Equal(Content(map), Content(read));
        });

    [Fact]
    public void An_old_removal_is_forgotten_and_a_worker_never()
    {
        var map = RegistrationMap.Of(
        [
            new Registration(WorkerUrl.Parse("http://a:1"), 2, DateTimeOffset.UnixEpoch, null, new Removal(null, true, "gone")),
            new Registration(WorkerUrl.Parse("http://b:1"), 1, DateTimeOffset.UnixEpoch, new WorkerSpec { Url = WorkerUrl.Parse("http://b:1") }),
        ]);

        Assert.Same(map, map.WithoutRemovalsBefore(DateTimeOffset.UnixEpoch));
        Assert.Equal(["b:1"], map.WithoutRemovalsBefore(DateTimeOffset.UnixEpoch.AddSeconds(1)).ByPlace.Keys);
    }

    private static string Content(RegistrationMap map) => RegistrationWire.Write(map).ToString();
}
