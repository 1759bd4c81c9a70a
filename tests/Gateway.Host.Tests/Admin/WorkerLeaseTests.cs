using System.Net;

namespace Gateway.Host.Tests.Admin;

public sealed class WorkerLeaseTests : IAsyncLifetime
{
    /// <summary>Nobody listens there: such a worker is never ready.</summary>
    private const string Leased = """{"url": "http://127.0.0.1:9", "lease_secs": 60}""";

    private const string ForGood = """{"url": "http://127.0.0.1:9"}""";

    private ControlPlaneUnderTest _gateway = null!;

    public async Task InitializeAsync() => _gateway = await ControlPlaneUnderTest.StartAsync();

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task A_registration_with_a_lease_says_when_it_expires_and_so_does_the_worker()
    {
        var answer = await _gateway.SendAsync("POST", "/workers", Leased);
        var worker = await _gateway.SendAsync("GET", answer.Location!);
        var list = await _gateway.SendAsync("GET", "/workers");

        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        Assert.Equal(60, answer["lease_secs"].GetInt32());
        Assert.Equal(60, worker["lease_secs"].GetInt32());
        Assert.Equal(answer.Text("lease_expires"), worker.Text("lease_expires"));
        Assert.Equal(answer.Text("lease_expires"), list["workers"][0].GetProperty("lease_expires").GetString());
    }

    [Fact]
    public async Task The_same_registration_again_renews_the_lease()
    {
        var first = await _gateway.SendAsync("POST", "/workers", Leased);

        var again = await _gateway.SendAsync("POST", "/workers", Leased);

        Assert.Equal(HttpStatusCode.OK, again.Status);
        Assert.Equal(first.Text("worker_id"), again.Text("worker_id"));
        Assert.Equal(first.Location, again.Location);
        Assert.True(again["lease_expires"].GetDateTimeOffset() > first["lease_expires"].GetDateTimeOffset());
    }

    [Fact]
    public async Task A_worker_that_an_operator_edited_renews_with_its_own_words_and_stays_as_it_was_edited()
    {
        var first = await _gateway.SendAsync("POST", "/workers", Leased);
        await _gateway.SendAsync("PATCH", first.Location!, """{"priority": 99}""");

        var again = await _gateway.SendAsync("POST", "/workers", Leased);

        Assert.Equal(HttpStatusCode.OK, again.Status);
        Assert.Equal(99, (await _gateway.SendAsync("GET", first.Location!))["priority"].GetInt32());
    }

    [Fact]
    public async Task Another_description_is_no_renewal()
    {
        await _gateway.SendAsync("POST", "/workers", Leased);

        var other = await _gateway.SendAsync("POST", "/workers", """{"url": "http://127.0.0.1:9", "lease_secs": 60, "priority": 1}""");

        Assert.Equal(HttpStatusCode.Conflict, other.Status);
        Assert.False(other["identical"].GetBoolean());
    }

    [Fact]
    public async Task The_same_registration_without_a_lease_makes_the_worker_stay()
    {
        var first = await _gateway.SendAsync("POST", "/workers", Leased);

        var stays = await _gateway.SendAsync("POST", "/workers", ForGood);
        var worker = await _gateway.SendAsync("GET", first.Location!);
        var twice = await _gateway.SendAsync("POST", "/workers", ForGood);

        Assert.Equal(HttpStatusCode.OK, stays.Status);
        Assert.False(worker.Body.TryGetProperty("lease_secs", out _));
        Assert.Equal(HttpStatusCode.Conflict, twice.Status);
    }

    [Fact]
    public async Task A_worker_that_was_to_stay_may_take_a_lease()
    {
        var first = await _gateway.SendAsync("POST", "/workers", ForGood);

        var leased = await _gateway.SendAsync("POST", "/workers", Leased);

        Assert.Equal(HttpStatusCode.OK, leased.Status);
        Assert.Equal(60, (await _gateway.SendAsync("GET", first.Location!))["lease_secs"].GetInt32());
    }

    [Fact]
    public async Task A_lease_can_be_renewed_by_the_workers_id()
    {
        var first = await _gateway.SendAsync("POST", "/workers", Leased);

        var same = await _gateway.SendAsync("PUT", $"{first.Location}/lease");
        var longer = await _gateway.SendAsync("PUT", $"{first.Location}/lease", """{"lease_secs": 120}""");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (same.Status, longer.Status));
        Assert.True(same["lease_expires"].GetDateTimeOffset() > first["lease_expires"].GetDateTimeOffset());
        Assert.Equal(120, longer["lease_secs"].GetInt32());
    }

    [Fact]
    public async Task Only_a_lease_can_be_renewed()
    {
        var first = await _gateway.SendAsync("POST", "/workers", ForGood);

        var none = await _gateway.SendAsync("PUT", $"{first.Location}/lease");
        var unknown = await _gateway.SendAsync("PUT", "/workers/6a5a2009-a012-466b-8868-602e09a0cc60/lease");

        Assert.Equal(HttpStatusCode.BadRequest, none.Status);
        Assert.Equal((HttpStatusCode.NotFound, "WORKER_NOT_FOUND"), (unknown.Status, unknown.Text("code")));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("100000")]
    [InlineData("\"60\"")]
    public async Task A_lease_that_is_none_is_refused(string seconds)
    {
        var answer = await _gateway.SendAsync("POST", "/workers", $$"""{"url": "http://127.0.0.1:9", "lease_secs": {{seconds}}}""");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.StartsWith("lease_secs: must be a number from 1 to 86400", answer.Text("error"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_removed_worker_takes_its_lease_along()
    {
        var first = await _gateway.SendAsync("POST", "/workers", Leased);
        await _gateway.SendAsync("DELETE", $"{first.Location}?force=true");

        var anew = await _gateway.SendAsync("POST", "/workers", ForGood);

        Assert.Equal(HttpStatusCode.Accepted, anew.Status);
        Assert.False((await _gateway.SendAsync("GET", anew.Location!)).Body.TryGetProperty("lease_secs", out _));
    }

    [Fact]
    public async Task Where_a_worker_must_not_be_it_gets_no_lease_either()
    {
        var answer = await _gateway.SendAsync("POST", "/workers", """{"url": "http://169.254.169.254:80", "lease_secs": 60}""");

        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
    }
}
