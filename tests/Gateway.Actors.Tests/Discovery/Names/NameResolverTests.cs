using Gateway.Actors.Discovery.Names;

namespace Gateway.Actors.Tests.Discovery.Names;

/// <summary>Against a server on real sockets.</summary>
public sealed class NameResolverTests : IAsyncLifetime
{
    private const int AddressQuestion = 1;

    private readonly DnsServerStandIn _server = DnsServerStandIn.Start();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task All_addresses_of_a_host_are_workers_in_an_order_of_their_own()
    {
        _server.Set(DnsRecord.Address("vllm.test", "10.0.0.2", 20), DnsRecord.Address("vllm.test", "10.0.0.1", 30), DnsRecord.Address("other.test", "10.0.0.9"));

        var answer = await ResolveAsync("dns://vllm.test:8000");

        Assert.Equal(["10.0.0.1:8000", "10.0.0.2:8000"], Places(answer));
        Assert.Equal(TimeSpan.FromSeconds(20), answer.TimeToLive);
    }

    [Fact]
    public async Task An_alias_is_followed_and_its_time_to_live_counts_too()
    {
        _server.Set(DnsRecord.Alias("vllm.test", "pods.test", 3), DnsRecord.Address("pods.test", "10.0.0.1"));

        var answer = await ResolveAsync("dns://vllm.test:8000");

        Assert.Equal(["10.0.0.1:8000"], Places(answer));
        Assert.Equal(TimeSpan.FromSeconds(3), answer.TimeToLive);
    }

    [Fact]
    public async Task IPv6_addresses_count_if_there_are_no_others()
    {
        _server.Set(DnsRecord.Address("six.test", "fd00::1"), DnsRecord.Address("both.test", "10.0.0.1"), DnsRecord.Address("both.test", "fd00::1"));

        Assert.Equal(["[fd00::1]:80"], Places(await ResolveAsync("dns://six.test:80")));
        Assert.Equal(["10.0.0.1:80"], Places(await ResolveAsync("dns://both.test:80")));
    }

    [Fact]
    public async Task An_answer_too_long_for_a_datagram_is_asked_for_over_TCP()
    {
        var addresses = Enumerable.Range(0, 400).Select(static i => $"10.0.{i / 256}.{i % 256}").ToArray();
        _server.Set(addresses.Select(static address => DnsRecord.Address("many.test", address)));

        var answer = await ResolveAsync("dns://many.test:80");

        Assert.Equal(addresses.Select(static address => $"{address}:80").Order(StringComparer.Ordinal), Places(answer));
        Assert.Equal(1, _server.OverTcp);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_service_has_hosts_with_ports_of_their_own(bool encloses)
    {
        _server.EnclosesAddresses = encloses;
        _server.Set(
            DnsRecord.Srv("_http._tcp.vllm.test", "pod-a.test", 8001, timeToLive: 30),
            DnsRecord.Srv("_http._tcp.vllm.test", "pod-b.test", 8002, weight: 5, timeToLive: 30),
            DnsRecord.Address("pod-a.test", "10.0.0.1", 12),
            DnsRecord.Address("pod-b.test", "10.0.0.2"));

        var answer = await ResolveAsync("dns+srv://_http._tcp.vllm.test");

        Assert.Equal(["10.0.0.1:8001", "10.0.0.2:8002"], Places(answer));
        Assert.Equal(TimeSpan.FromSeconds(12), answer.TimeToLive);
        Assert.Equal(encloses ? 1 : 3, _server.Questions.Count);
    }

    [Fact]
    public async Task Of_a_services_hosts_those_with_the_lowest_priority_number_are_workers()
    {
        _server.Set(
            DnsRecord.Srv("_http._tcp.vllm.test", "reserve.test", 80, priority: 20),
            DnsRecord.Srv("_http._tcp.vllm.test", "first.test", 80, priority: 10),
            DnsRecord.Address("first.test", "10.0.0.1"),
            DnsRecord.Address("reserve.test", "10.0.0.2"));

        Assert.Equal(["10.0.0.1:80"], Places(await ResolveAsync("dns+srv://_http._tcp.vllm.test")));
    }

    [Fact]
    public async Task A_services_host_that_does_not_exist_is_no_worker_and_the_others_are()
    {
        _server.Set(
            DnsRecord.Srv("_http._tcp.vllm.test", "gone.test", 80),
            DnsRecord.Srv("_http._tcp.vllm.test", "here.test", 80),
            DnsRecord.Address("here.test", "10.0.0.1"));

        Assert.Equal(["10.0.0.1:80"], Places(await ResolveAsync("dns+srv://_http._tcp.vllm.test")));
    }

    [Theory]
    [InlineData("dns://nowhere.test:80", "it has no address")]
    [InlineData("dns://text.test:80", "it has no address")]
    [InlineData("dns+srv://_http._tcp.nowhere.test", "it has no SRV record with an address")]
    [InlineData("dns+srv://_http._tcp.none.test", "it has no SRV record with an address")]
    [InlineData("dns+srv://_http._tcp.empty.test", "it has no SRV record with an address")]
    public async Task No_address_is_a_failure_and_not_an_answer(string name, string reason)
    {
        _server.Set(
            new DnsRecord("text.test", 16, 60, [1, 65]),
            DnsRecord.Srv("_http._tcp.none.test", "", 80),
            DnsRecord.Srv("_http._tcp.empty.test", "gone.test", 80));

        Assert.Equal(reason, (await Assert.ThrowsAsync<NameUnknownException>(() => ResolveAsync(name))).Message);
    }

    [Theory]
    [InlineData(DnsServerStandIn.ServerFailure)]
    [InlineData(DnsServerStandIn.Refused)]
    public async Task A_server_that_fails_gives_a_failure(int code)
    {
        _server.Set(DnsRecord.Address("vllm.test", "10.0.0.1"));
        _server.FailsWith = code;

        await Assert.ThrowsAsync<NameUnknownException>(() => ResolveAsync("dns://vllm.test:80"));
    }

    [Fact]
    public async Task A_server_that_is_silent_gives_a_failure()
    {
        _server.IsSilent = true;

        await Assert.ThrowsAsync<NameUnknownException>(() => ResolveAsync("dns://vllm.test:80", TimeSpan.FromMilliseconds(50)));
    }

    [Fact]
    public async Task A_server_that_fails_is_passed_over_for_the_next_one()
    {
        await using var broken = DnsServerStandIn.Start();
        broken.FailsWith = DnsServerStandIn.ServerFailure;
        _server.Set(DnsRecord.Address("vllm.test", "10.0.0.1"));
        var resolver = new NameResolver(new DnsServers([broken.Place, _server.Place]));

        Assert.Equal(["10.0.0.1:80"], Places(await resolver.ResolveAsync(WorkerName.Parse("dns://vllm.test:80"), CancellationToken.None)));
        Assert.NotEmpty(broken.Questions);
    }

    [Fact]
    public async Task Named_servers_are_asked_for_the_name_as_it_is()
    {
        _server.Set(DnsRecord.Address("vllm", "10.0.0.1"));

        await ResolveAsync("dns://vllm:80");

        Assert.Equal([$"vllm {AddressQuestion}"], _server.Questions);
    }

    [Fact]
    public async Task A_question_that_is_given_up_is_no_answer_either()
    {
        _server.IsSilent = true;
        using var stop = new CancellationTokenSource();
        var answer = new NameResolver(new DnsServers([_server.Place])).ResolveAsync(WorkerName.Parse("dns://vllm.test:80"), stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<Exception>(() => answer);
    }

    private Task<NameAnswer> ResolveAsync(string name, TimeSpan? patience = null) =>
        new NameResolver(new DnsServers([_server.Place]), patience).ResolveAsync(WorkerName.Parse(name), CancellationToken.None);

    private static string[] Places(NameAnswer answer) => [.. answer.Places.Select(static place => place.ToString())];
}
