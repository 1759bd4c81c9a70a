using System.Net;
using System.Text;
using Gateway.Actors.Workers;
using Gateway.Host.Admission;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace Gateway.Host.Tests.Admission;

public sealed class TenantTests
{
    private static readonly GatewayOptions Two = new()
    {
        Security = new SecurityOptions { ApiKey = new Secret("key-of-all") },
        Tenants = [new TenantOptions { Name = "search", ApiKey = new Secret("key-of-search") }],
    };

    [Theory]
    [InlineData("key-of-search", "search")]
    [InlineData("key-of-all", "default")]
    [InlineData("key-of-searcH", null)]
    [InlineData("", null)]
    public void A_key_is_its_tenants(string key, string? name) =>
        Assert.Equal(name, new TenantDirectory(Two, new ManualTime()).Find(Encoding.UTF8.GetBytes(key))?.Name);

    [Fact]
    public async Task The_tenant_is_in_the_log_and_its_key_is_not()
    {
        await using var engine = await EngineStandIn.StartAsync();
        await using var gateway = await TestGateway.StartAsync(Two, engine);

        using var response = await gateway.ChatAsync(change: static message => message.Headers.Add("x-api-key", "key-of-search"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("tenant=search", await gateway.Logs.WaitForAsync(static line => line.Contains("AccessLog", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.DoesNotContain(gateway.Logs.Lines, static line => line.Contains("key-of", StringComparison.Ordinal));
        Assert.Null(engine.Seen.Single().Header("x-api-key"));
    }

    [Fact]
    public async Task With_tenants_alone_a_key_is_needed()
    {
        await using var engine = await EngineStandIn.StartAsync();
        await using var gateway = await TestGateway.StartAsync(Two with { Security = new SecurityOptions() }, engine);

        using var response = await gateway.ChatAsync();

        await ApiAssert.ErrorAsync(response, 401, "invalid_api_key");
    }

    [Theory]
    [InlineData("X-Priority", "bulk", RequestPriority.Bulk)]
    [InlineData("x-smg-priority", "Interactive", RequestPriority.Interactive)]
    [InlineData("X-Priority", "system", RequestPriority.Interactive)]
    [InlineData("X-Priority", "urgent", RequestPriority.Default)]
    [InlineData("X-Other", "bulk", RequestPriority.Default)]
    public void A_request_has_the_priority_it_asks_for_up_to_its_tenants(string header, string word, RequestPriority expected)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers[header] = word;

        Assert.Equal(expected, PriorityHeader.Of(context.Request, new Tenant { Name = "a", MaxPriority = RequestPriority.Interactive }));
    }

    [Fact]
    public void A_tenant_of_bulk_gets_bulk_without_asking() => Assert.Equal(
        RequestPriority.Bulk,
        PriorityHeader.Of(new DefaultHttpContext().Request, new Tenant { Name = "a", MaxPriority = RequestPriority.Bulk }));
}
