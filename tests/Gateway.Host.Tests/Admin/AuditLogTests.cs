using System.Net.Http.Json;
using Gateway.Host.Tests.EndToEnd;
using Gateway.Host.Tests.Support;

namespace Gateway.Host.Tests.Admin;

public sealed class AuditLogTests
{
    private const string Category = "Gateway.Host.Observability.AuditLog: ";

    [Fact]
    public async Task A_change_is_written_down_with_who_and_what_and_its_result_and_without_keys()
    {
        await using var gateway = await LiveGateway.StartAsync(0);
        var logs = gateway.CaptureLogs();

        using var registered = await gateway.Client.PostAsJsonAsync("/workers?api_key=hush-1", new { url = "http://127.0.0.1:9", api_key = "hush-2" });
        using var removed = await gateway.Client.DeleteAsync($"/workers/{gateway.View.Current.Workers.Values.Single().Worker.Id}?force=true");
        using var chosen = await gateway.Client.PutAsJsonAsync("/policies", new { policy = "random" });

        await WrittenAsync(logs, "POST /workers 202 code= by=local from=127.0.0.1 ", "what=http://127.0.0.1:9 ");
        await WrittenAsync(logs, "DELETE /workers/", "what=remove ");
        await WrittenAsync(logs, "PUT /policies 200 ", "what=policy random ");
        Assert.DoesNotContain(logs.Lines, static line => line.Contains("hush", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_refused_is_written_down_as_well()
    {
        await using var gateway = await LiveGateway.StartAsync(0, options => options with
        {
            Security = options.Security with { ControlPlaneApiKey = new("right-key") },
        });
        var logs = gateway.CaptureLogs();

        using var wrong = new HttpRequestMessage(HttpMethod.Post, "/workers") { Headers = { { "x-api-key", "wrong-key" } } };
        (await gateway.Client.SendAsync(wrong)).Dispose();
        using var right = new HttpRequestMessage(HttpMethod.Delete, "/workers/x%0D%0Aforged") { Headers = { { "x-api-key", "right-key" } } };
        (await gateway.Client.SendAsync(right)).Dispose();

        await WrittenAsync(logs, "POST /workers 401 code=UNAUTHORIZED by=nobody ", "");
        await WrittenAsync(logs, "DELETE /workers/x%0D%0Aforged 400 code=BAD_REQUEST by=control-plane-api-key ", "");
        Assert.DoesNotContain(logs.Lines, static line => line.Contains("-key\"", StringComparison.Ordinal) || line.Contains("wrong-key", StringComparison.Ordinal) || line.Contains("right-key", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Questions_are_not_written_down()
    {
        await using var gateway = await LiveGateway.StartAsync(0);
        var logs = gateway.CaptureLogs();

        await gateway.Client.GetStringAsync("/workers");
        using var chosen = await gateway.Client.PutAsJsonAsync("/policies", new { policy = "random" });

        await WrittenAsync(logs, "PUT /policies 200 ", "");
        Assert.Single(logs.Lines, static line => line.StartsWith(Category, StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_can_be_turned_off()
    {
        await using var gateway = await LiveGateway.StartAsync(0, options => options with
        {
            Security = options.Security with { DisableAuditLog = true },
        });
        var logs = gateway.CaptureLogs();

        using var chosen = await gateway.Client.PutAsJsonAsync("/policies", new { policy = "random" });

        await logs.WaitForAsync(static line => line.Contains("AccessLog: PUT /policies", StringComparison.Ordinal));
        Assert.DoesNotContain(logs.Lines, static line => line.StartsWith(Category, StringComparison.Ordinal));
    }

    private static Task<string> WrittenAsync(CapturedLogs logs, string beginning, string part) => logs.WaitForAsync(line =>
        line.StartsWith(Category + beginning, StringComparison.Ordinal) && line.Contains(part, StringComparison.Ordinal));
}
