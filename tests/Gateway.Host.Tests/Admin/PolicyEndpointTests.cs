using System.Net;
using Gateway.Host.Tests.Support;

namespace Gateway.Host.Tests.Admin;

public sealed class PolicyEndpointTests : IAsyncLifetime
{
    private ControlPlaneUnderTest _gateway = null!;
    private EngineStandIn _engine = null!;

    public async Task InitializeAsync()
    {
        _engine = await EngineStandIn.StartAsync(ControlPlaneUnderTest.SgLangAsync);
        _gateway = await ControlPlaneUnderTest.StartAsync();
        await _gateway.UntilReadyAsync(await _gateway.RegisterAsync($$"""{"url": "{{_engine.Url}}", "models": [{"id": "org/m", "aliases": ["short"]}]}"""));
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _engine.DisposeAsync();
    }

    [Fact]
    public async Task A_policy_is_chosen_for_a_model_shown_and_taken_back()
    {
        Assert.Equal("cache_aware default", await RegularAsync("org/m"));

        var chosen = await _gateway.SendAsync("PUT", "/policies/org/m", """{"policy": "least_load"}""");
        Assert.Equal(HttpStatusCode.OK, chosen.Status);
        Assert.Equal(("org/m", true), (chosen.Text("model"), chosen["changed"].GetBoolean()));
        Assert.Equal("least_load api", await RegularAsync("org%2Fm"));
        Assert.Equal("least_load api", await RegularAsync("short"));

        Assert.Equal(HttpStatusCode.OK, (await _gateway.SendAsync("DELETE", "/policies/short?role=regular")).Status);
        Assert.Equal("cache_aware default", await RegularAsync("org/m"));
    }

    [Fact]
    public async Task A_policy_is_chosen_for_all_models_or_for_a_role_of_them()
    {
        await _gateway.SendAsync("PUT", "/policies", """{"policy": "manual"}""");
        await _gateway.SendAsync("PUT", "/policies", """{"policy": "bucket", "role": "prefill"}""");
        var all = await _gateway.SendAsync("GET", "/policies");
        Assert.Equal(
            ["manual api_default", "bucket api_default", "manual api_default"],
            new[] { "regular", "prefill", "decode" }.Select(role => Words(all["default"].GetProperty(role))));
        var model = Assert.Single(all["models"].EnumerateArray());
        Assert.Equal(("org/m", "manual api_default"), (model.GetProperty("model").GetString(), Words(model.GetProperty("regular"))));
        Assert.False(model.TryGetProperty("prefill", out _));
        Assert.Contains("consistent_hashing", all["available"].EnumerateArray().Select(static name => name.GetString()));
    }

    [Theory]
    [InlineData("PUT", "/policies/org/m", """{"policy": "fancy"}""", 400, "BAD_REQUEST", "policy: unknown policy 'fancy'")]
    [InlineData("PUT", "/policies/org/m", "{}", 400, "BAD_REQUEST", "policy: is missing")]
    [InlineData("PUT", "/policies/org/m", """{"policy": "random", "rolle": "decode"}""", 400, "BAD_REQUEST", "rolle: unknown field")]
    [InlineData("PUT", "/policies/", """{"policy": "random"}""", 400, "BAD_REQUEST", "model: must not be empty")]
    [InlineData("PUT", "/policies/nobody", """{"policy": "random"}""", 404, "MODEL_NOT_FOUND", "no worker serves a model 'nobody'")]
    [InlineData("GET", "/policies/nobody", null, 404, "MODEL_NOT_FOUND", "no worker serves a model 'nobody'")]
    [InlineData("DELETE", "/policies/org/m?role=boss", null, 400, "BAD_REQUEST", "role: 'boss' is not one of regular, prefill, decode")]
    [InlineData("POST", "/workers", """{"url": "http://127.0.0.1:9", "labels": {"policy": "fancy"}}""", 400, "BAD_REQUEST", "unknown policy 'fancy'")]
    public async Task What_makes_no_sense_is_refused_and_says_why(string method, string path, string? body, int status, string code, string error)
    {
        var answer = await _gateway.SendAsync(method, path, body);
        Assert.Equal((status, code), ((int)answer.Status, answer.Text("code")));
        Assert.StartsWith(error, answer.Text("error"), StringComparison.Ordinal);
    }

    private static string Words(System.Text.Json.JsonElement choice) =>
        $"{choice.GetProperty("policy").GetString()} {choice.GetProperty("source").GetString()}";

    private async Task<string> RegularAsync(string model) => Words((await _gateway.SendAsync("GET", $"/policies/{model}"))["regular"]);
}
