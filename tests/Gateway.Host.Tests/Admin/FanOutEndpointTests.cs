using System.Net;
using System.Text.Json;
using Gateway.Host.Tests.Support;

namespace Gateway.Host.Tests.Admin;

public sealed class FanOutEndpointTests : IAsyncLifetime
{
    private ControlPlaneUnderTest _gateway = null!;
    private EngineStandIn _sglang = null!;
    private EngineStandIn _vllm = null!;

    public async Task InitializeAsync()
    {
        _sglang = await EngineStandIn.StartAsync(ControlPlaneUnderTest.SgLangAsync);
        _vllm = await EngineStandIn.StartAsync(ControlPlaneUnderTest.VllmAsync);
        _gateway = await ControlPlaneUnderTest.StartAsync();
        await _gateway.UntilReadyAsync(await _gateway.RegisterAsync($$"""{"url": "{{_sglang.Url}}"}"""));
        await _gateway.UntilReadyAsync(await _gateway.RegisterAsync($$"""{"url": "{{_vllm.Url}}"}"""));
        await _gateway.RegisterAsync("""{"url": "http://127.0.0.1:9"}""");
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _sglang.DisposeAsync();
        await _vllm.DisposeAsync();
    }

    [Fact]
    public async Task Every_engine_is_asked_for_its_load_and_minus_one_stands_for_unknown()
    {
        var answer = await _gateway.SendAsync("GET", "/get_loads");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal((3, 2, 1), (answer["total_workers"].GetInt32(), answer["successful"].GetInt32(), answer["failed"].GetInt32()));
        JsonElement[] loads = [.. answer["loads"].EnumerateArray()];
        Assert.Equal([42, 400, -1], loads.Select(static load => load.GetProperty("load").GetInt64()));
        Assert.Equal(2, loads[0].GetProperty("details").GetProperty("dp_rank_count").GetInt32());
        Assert.Equal("""{"dp_rank":0,"num_used_tokens":30}""", loads[0].GetProperty("details").GetProperty("loads")[0].GetRawText());
        Assert.Equal(3, loads[1].GetProperty("details").GetProperty("loads")[0].GetProperty("num_running_reqs").GetInt32());
        Assert.Equal("not connected", loads[2].GetProperty("error").GetString());
    }

    [Fact]
    public async Task Every_engine_is_told_to_flush_its_cache_and_failures_are_named()
    {
        var answer = await _gateway.SendAsync("POST", "/flush_cache");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal([_sglang.Url], answer["successful"].EnumerateArray().Select(static url => url.GetString()!));
        Assert.Equal(
            [$"{_vllm.Url} /reset_prefix_cache answered 404", "http://127.0.0.1:9 not connected"],
            answer["failed"].EnumerateArray().Select(static pair => $"{pair[0]} {pair[1]}"));
        Assert.Equal((3, 2, 0), (answer["total_workers"].GetInt32(), answer["http_workers"].GetInt32(), answer["grpc_workers"].GetInt32()));
    }
}
