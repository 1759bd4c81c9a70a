using System.Net;
using System.Text;
using Gateway.Actors.Workers;
using Gateway.Host.Admission;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.Configuration;
using Gateway.Host.Tests.Support;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Host.Tests.Admission;

/// <summary>What keys with roles open for applications; for operators see ControlPlaneRoleTests.</summary>
public sealed class KeyRoleTests
{
    private static readonly GatewayOptions Roles = new()
    {
        Tenants = [new TenantOptions { Name = "search" }],
        Security = new SecurityOptions
        {
            Keys =
            [
                .. Enum.GetValues<KeyRole>().Select(static role => new KeyOptions { Name = "k-" + role, Key = new Secret("key-" + role), Role = role, Tenant = "search" }),
            ],
        },
    };

    [Theory]
    [InlineData("key-User", 200, null)]
    [InlineData("key-Admin", 200, null)]
    [InlineData("key-Viewer", 403, "insufficient_permissions")]
    [InlineData("key-Operator", 403, "insufficient_permissions")]
    [InlineData("key-user", 401, "invalid_api_key")]
    public async Task A_key_generates_if_its_role_says_so(string key, int status, string? code)
    {
        await using var engine = await EngineStandIn.StartAsync();
        await using var gateway = await TestGateway.StartAsync(Roles, engine);

        using var chat = await gateway.ChatAsync(change: message => message.Headers.Add("x-api-key", key));
        using var models = await gateway.Client.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/v1/models") { Headers = { { "Authorization", "Bearer " + key } } });
        using var text = await gateway.PostAsync("/v1/tokenize", """{"prompt":"a"}""", message => message.Headers.Add("x-api-key", key));

        if (code is null)
        {
            Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (chat.StatusCode, models.StatusCode));
            Assert.Contains("tenant=search", await gateway.Logs.WaitForAsync(static line => line.Contains("AccessLog", StringComparison.Ordinal)), StringComparison.Ordinal);
            return;
        }

        await ApiAssert.ErrorAsync(chat, status, code);
        await ApiAssert.ErrorAsync(models, status, code);
        await ApiAssert.ErrorAsync(text, status, code);
        Assert.Empty(engine.Seen);
    }

    [Fact]
    public async Task A_keys_file_without_a_key_lets_nobody_in()
    {
        using var file = new TemporaryFile("[]");
        await using var engine = await EngineStandIn.StartAsync();
        await using var gateway = await TestGateway.StartAsync(new GatewayOptions { Security = new SecurityOptions { KeysFile = file.Path } }, engine);

        using var response = await gateway.ChatAsync();

        await ApiAssert.ErrorAsync(response, 401, "invalid_api_key");
    }

    [Fact]
    public void Keys_of_the_file_come_and_go_while_tenants_stay()
    {
        using var file = new TemporaryFile("[{ name: old, key: one, tenant: search }]");
        var options = Roles with { Security = new SecurityOptions { KeysFile = file.Path } };
        var tenants = new TenantDirectory(options, TimeProvider.System);
        var log = new CapturedLogs();
        using var logs = new LoggerFactory([log]);
        using var follower = new KeysFileFollower(options, tenants, TimeProvider.System, logs.CreateLogger<KeysFileFollower>());
        var tenant = tenants.Find("one"u8)!.Tenant;

        Write("keys: [{ name: old, key: one, tenant: search }, { name: new, key: two, tenant: search, role: admin }]");
        Assert.Equal(("old", "new"), (NameOf("one"), NameOf("two")));
        Write("[{ name: new, key: two, tenant: search }]");
        Assert.Equal((null, "new"), (NameOf("one"), NameOf("two")));
        Assert.Same(tenant, tenants.Find("two"u8)!.Tenant);

        foreach (var bad in new[] { "", "[{ name: a }]", "[{ name: a, key: x, tenant: nobody }]", "[{ name: a, key: x }, { name: b, key: x }]", "{", "[{ name: a, key: 'sha256:1' }]" })
        {
            Write(bad);
            Assert.Equal("new", NameOf("two"));
        }

        File.Delete(file.Path);
        Look();
        Assert.Equal("new", NameOf("two"));
        Assert.Equal(7, log.Lines.Count(static line => line.Contains("keeping the keys from before", StringComparison.Ordinal)));

        void Write(string text)
        {
            File.WriteAllText(file.Path, text);
            Look();
        }

        // New content must stand still once.
        void Look()
        {
            follower.Look();
            follower.Look();
        }

        string? NameOf(string key) => tenants.Find(Encoding.UTF8.GetBytes(key))?.Name;
    }

    [Fact]
    public void Half_a_file_is_not_taken()
    {
        using var file = new TemporaryFile("[{ name: a, key: one }]");
        var options = new GatewayOptions { Security = new SecurityOptions { KeysFile = file.Path } };
        var tenants = new TenantDirectory(options, TimeProvider.System);
        using var follower = new KeysFileFollower(options, tenants, TimeProvider.System, NullLogger<KeysFileFollower>.Instance);
        follower.Look();
        follower.Look();

        File.WriteAllText(file.Path, "[]");
        follower.Look();
        File.WriteAllText(file.Path, "[{ name: b, key: two }]");
        follower.Look();
        Assert.NotNull(tenants.Find("one"u8));
        follower.Look();

        Assert.Equal("b", tenants.Find("two"u8)?.Name);
    }
}
