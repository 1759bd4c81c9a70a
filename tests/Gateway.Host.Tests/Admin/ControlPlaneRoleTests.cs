using System.Net;
using Gateway.Actors.Workers;
using Gateway.Host.Admission;
using Gateway.Host.Api;
using Gateway.Host.Api.Admin;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.EndToEnd;
using Gateway.Host.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Host.Tests.Admin;

public sealed class ControlPlaneRoleTests
{
    private static readonly SecurityOptions Roles = new()
    {
        Keys = [.. Enum.GetValues<KeyRole>().Select(static role => new KeyOptions { Name = "k-" + role, Key = new Secret("key-" + role), Role = role })],
    };

    /// <summary>Endpoints that are not the control plane's: applications' and load balancers', which have keys of their own or need none.</summary>
    private static readonly HashSet<string> ForOthers =
    [
        "/v1/models", "/v1/models/{**id}", "/health", "/liveness", "/readiness", "/openapi.json",
        "/v1/tokenize", "/v1/detokenize", "/parse/function_call", "/parse/reasoning",
        // The page itself, which has no data.
        "/dashboard", "/dashboard/{file}",
    ];

    private static readonly Dictionary<string, KeyRole> Expected = new()
    {
        ["GET /workers"] = KeyRole.Viewer,
        ["POST /workers"] = KeyRole.Operator,
        ["GET /workers/{worker_id}"] = KeyRole.Viewer,
        ["PUT /workers/{worker_id}"] = KeyRole.Operator,
        ["PATCH /workers/{worker_id}"] = KeyRole.Operator,
        ["DELETE /workers/{worker_id}"] = KeyRole.Operator,
        ["GET /policies"] = KeyRole.Viewer,
        ["PUT /policies"] = KeyRole.Operator,
        ["DELETE /policies"] = KeyRole.Operator,
        ["GET /policies/{**model}"] = KeyRole.Viewer,
        ["PUT /policies/{**model}"] = KeyRole.Operator,
        ["DELETE /policies/{**model}"] = KeyRole.Operator,
        ["GET /v1/tokenizers"] = KeyRole.Viewer,
        ["POST /v1/tokenizers"] = KeyRole.Admin,
        ["GET /v1/tokenizers/{tokenizer_id}"] = KeyRole.Viewer,
        ["GET /v1/tokenizers/{tokenizer_id}/status"] = KeyRole.Viewer,
        ["DELETE /v1/tokenizers/{tokenizer_id}"] = KeyRole.Admin,
        ["PUT /workers/{worker_id}/lease"] = KeyRole.Operator,
        ["POST /workers/{worker_id}/refresh"] = KeyRole.Operator,
        ["GET /get_loads"] = KeyRole.Viewer,
        ["GET /cluster"] = KeyRole.Viewer,
        ["GET /log-level"] = KeyRole.Viewer,
        ["PUT /log-level"] = KeyRole.Admin,
        ["GET /dashboard/events"] = KeyRole.Viewer,
        ["POST /flush_cache"] = KeyRole.Operator,
        ["POST /start_profile"] = KeyRole.Admin,
        ["POST /stop_profile"] = KeyRole.Admin,
        ["POST /load_lora_adapter"] = KeyRole.Admin,
        ["POST /unload_lora_adapter"] = KeyRole.Admin,
        ["GET /list_lora_adapters"] = KeyRole.Viewer,
    };

    [Fact]
    public async Task Every_endpoint_that_is_not_for_applications_says_which_role_it_needs()
    {
        await using var gateway = await LiveGateway.StartAsync(0);
        var endpoints = gateway.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(static endpoint => endpoint.Metadata.GetMetadata<ServedEndpoint>() is null && !ForOthers.Contains(endpoint.RoutePattern.RawText!));

        var stated = endpoints.ToDictionary(
            static endpoint => $"{endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods.Single()} {endpoint.RoutePattern.RawText}",
            static endpoint => endpoint.Metadata.GetMetadata<RequiredRole>()?.Role);

        Assert.Equal(Expected.OrderBy(static pair => pair.Key).Select(static pair => (pair.Key, (KeyRole?)pair.Value)), stated.OrderBy(static pair => pair.Key).Select(static pair => (pair.Key, pair.Value)));
    }

    [Fact]
    public async Task Each_endpoint_refuses_the_roles_below_its_own_and_lets_the_others_pass()
    {
        await using var gateway = await ControlPlaneUnderTest.StartAsync(Roles);
        foreach (var (endpoint, needed) in Expected)
        {
            var (method, path) = (endpoint.Split(' ')[0], endpoint.Split(' ')[1].Replace("{**model}", "m", StringComparison.Ordinal).Replace("{worker_id}", "none", StringComparison.Ordinal));
            foreach (var role in Enum.GetValues<KeyRole>())
            {
                gateway.Headers.Remove("x-api-key");
                gateway.Headers.Add("x-api-key", "key-" + role);

                var answer = await gateway.SendAsync(method, path, method == "GET" ? null : "{}");

                var isForbidden = answer.Status == HttpStatusCode.Forbidden && answer.Text("code") == "FORBIDDEN";
                Assert.True(role < needed == isForbidden, $"{endpoint} as {role}: {answer.Status}");
                Assert.NotEqual(HttpStatusCode.Unauthorized, answer.Status);
            }
        }
    }

    [Fact]
    public async Task The_audit_log_names_the_key_and_not_itself()
    {
        await using var gateway = await LiveGateway.StartAsync(0, static options => options with { Security = Roles });
        var logs = gateway.CaptureLogs();
        foreach (var role in new[] { KeyRole.Operator, KeyRole.Viewer })
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, "/policies") { Content = new StringContent("""{"policy":"random"}"""), Headers = { { "Authorization", "Bearer key-" + role } } };
            (await gateway.Client.SendAsync(request)).Dispose();
        }

        await logs.WaitForAsync(static line => line.Contains("PUT /policies 200 code= by=key:k-Operator ", StringComparison.Ordinal));
        await logs.WaitForAsync(static line => line.Contains("PUT /policies 403 code=FORBIDDEN by=key:k-Viewer ", StringComparison.Ordinal));
        Assert.DoesNotContain(logs.Lines, static line => line.Contains("key-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task With_keys_nobody_is_let_in_for_being_on_this_machine()
    {
        await using var gateway = await ControlPlaneUnderTest.StartAsync(Roles);

        Assert.Equal(HttpStatusCode.Unauthorized, (await gateway.SendAsync("GET", "/workers")).Status);
    }

    [Fact]
    public async Task The_control_planes_own_key_is_an_admins_also_as_a_hash()
    {
        await using var gateway = await ControlPlaneUnderTest.StartAsync(Roles with
        {
            ControlPlaneApiKey = new Secret("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        });
        gateway.Headers.Add("Authorization", "Bearer abc");

        Assert.Equal(HttpStatusCode.BadRequest, (await gateway.SendAsync("POST", "/v1/tokenizers", "{}")).Status);
    }
}
