using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Gateway.Actors.Tests.Support;
using Gateway.Actors.Tests.Support.Fakes;
using Gateway.Host.Tests.Support;
using Gateway.Wire.Common;
using Gateway.Wire.SgLang;
using Microsoft.AspNetCore.Http;

namespace Gateway.Host.Tests.Admin;

/// <summary>What operators have engines do reaches those behind gRPC as well as those behind HTTP, each in its own words.</summary>
public sealed class EngineEndpointTests : IAsyncLifetime
{
    private readonly FakeSgLang _sglang = new() { Loads = { Loads = { new SchedulerLoad { NumUsedTokens = 7, MaxTotalNumTokens = 100, NumRunningReqs = 2 } } } };
    private readonly FakeVllm _vllm = new();
    private readonly ConcurrentDictionary<string, string> _overHttp = new();
    private ControlPlaneUnderTest _gateway = null!;
    private StubServer _sglangServer = null!;
    private StubServer _vllmServer = null!;
    private EngineStandIn _http = null!;

    private string SgLangUrl => $"grpc://127.0.0.1:{_sglangServer.Port}";

    private string VllmUrl => $"grpc://127.0.0.1:{_vllmServer.Port}";

    public async Task InitializeAsync()
    {
        _sglangServer = await GrpcServer.StartAsync(_sglang);
        _vllmServer = await GrpcServer.StartAsync(_vllm);
        _http = await EngineStandIn.StartAsync(ServeHttpAsync);
        _http.ReadsBody = false;
        _gateway = await ControlPlaneUnderTest.StartAsync();
        foreach (var url in new[] { SgLangUrl, VllmUrl, _http.Url })
            await _gateway.UntilReadyAsync(await _gateway.RegisterAsync($$"""{"url": "{{url}}"}"""));
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _http.DisposeAsync();
        await _sglangServer.DisposeAsync();
        await _vllmServer.DisposeAsync();
    }

    [Fact]
    public async Task A_flush_reaches_every_engine_that_can_and_the_others_are_named_as_such()
    {
        var answer = await _gateway.SendAsync("POST", "/flush_cache");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal([SgLangUrl, _http.Url], Texts(answer["successful"]));
        Assert.Equal([VllmUrl], Texts(answer["unsupported"]));
        Assert.Equal([$"{VllmUrl} the engine has nothing of the kind over gRPC"], Pairs(answer["failed"]));
        Assert.Equal((3, 1, 2), (answer["total_workers"].GetInt32(), answer["http_workers"].GetInt32(), answer["grpc_workers"].GetInt32()));
    }

    [Fact]
    public async Task An_engine_that_refuses_says_why()
    {
        _sglang.OnFlush = static () => new FlushCacheResponse { Success = false, Message = "requests are running" };

        var answer = await _gateway.SendAsync("POST", "/flush_cache", $$"""{"url": "{{SgLangUrl}}"}""");

        Assert.Equal([$"{SgLangUrl} requests are running"], Pairs(answer["failed"]));
        Assert.Empty(Texts(answer["unsupported"]));
    }

    [Fact]
    public async Task A_profile_is_started_with_the_same_settings_over_both_protocols()
    {
        StartProfileRequest? asked = null;
        _sglang.OnStartProfile = request =>
        {
            asked = request;
            return new ProfileResponse { Success = true };
        };

        var answer = await _gateway.SendAsync("POST", "/start_profile", """{"output_dir":"/tmp/p","num_steps":5,"activities":["CPU","GPU"],"with_stack":true}""");

        Assert.Equal([SgLangUrl, _http.Url], Texts(answer["successful"]));
        Assert.Equal(("/tmp/p", 5, true, false), (asked!.OutputDir, asked.NumSteps, asked.WithStack, asked.HasStartStep));
        Assert.Equal(["CPU", "GPU"], asked.Activities);
        Assert.Equal("""{"output_dir":"/tmp/p","num_steps":5,"activities":["CPU","GPU"],"with_stack":true}""", _overHttp["/start_profile"]);
    }

    [Fact]
    public async Task One_engine_alone_can_be_told()
    {
        var answer = await _gateway.SendAsync("POST", "/stop_profile", $$"""{"url": "{{SgLangUrl}}"}""");

        Assert.Equal([$"{SgLangUrl} no profile is running"], Pairs(answer["failed"]));
        Assert.Equal(1, answer["total_workers"].GetInt32());
        Assert.False(_overHttp.ContainsKey("/stop_profile"));
    }

    [Fact]
    public async Task An_adapter_is_loaded_and_unloaded_over_both_protocols()
    {
        var loaded = await _gateway.SendAsync("POST", "/load_lora_adapter", """{"lora_name":"a","lora_path":"/a","pinned":true}""");
        var unloaded = await _gateway.SendAsync("POST", "/unload_lora_adapter", """{"lora_name":"a"}""");

        Assert.All([loaded, unloaded], answer => Assert.Equal([SgLangUrl, _http.Url], Texts(answer["successful"])));
        var request = Assert.Single(_sglang.LoadedAdapters);
        Assert.Equal(("a", "/a", true), (request.LoraName, request.LoraPath, request.Pinned));
        Assert.Equal("a", Assert.Single(_sglang.UnloadedAdapters).LoraName);
        Assert.Equal("""{"lora_name":"a","lora_path":"/a","pinned":true}""", _overHttp["/load_lora_adapter"]);
        Assert.Equal("""{"lora_name":"a"}""", _overHttp["/unload_lora_adapter"]);
    }

    [Fact]
    public async Task Adapters_are_listed_for_each_engine()
    {
        var answer = await _gateway.SendAsync("GET", "/list_lora_adapters");

        JsonElement[] workers = [.. answer["workers"].EnumerateArray()];
        Assert.Equal("""[{"lora_name":"a","lora_path":"/a","lora_id":"1","pinned":true}]""", workers[0].GetProperty("adapters").GetRawText());
        Assert.True(workers[1].GetProperty("unsupported").GetBoolean());
        Assert.Equal("""[{"lora_name":"tuned","lora_path":"/t"}]""", workers[2].GetProperty("adapters").GetRawText());
        Assert.Equal((3, 2, 1), (answer["total_workers"].GetInt32(), answer["successful"].GetInt32(), answer["failed"].GetInt32()));
    }

    [Theory]
    [InlineData("/flush_cache", """{"url":"http://127.0.0.1:9"}""", 404, "WORKER_NOT_FOUND")]
    [InlineData("/flush_cache", """{"url":"nonsense://"}""", 400, "BAD_REQUEST")]
    [InlineData("/start_profile", """{"steps":1}""", 400, "BAD_REQUEST")]
    [InlineData("/start_profile", """{"activities":"CPU"}""", 400, "BAD_REQUEST")]
    [InlineData("/load_lora_adapter", """{"lora_name":"a"}""", 400, "BAD_REQUEST")]
    [InlineData("/unload_lora_adapter", null, 400, "BAD_REQUEST")]
    public async Task Nonsense_reaches_no_engine(string path, string? body, int status, string code)
    {
        var answer = await _gateway.SendAsync("POST", path, body);

        Assert.Equal((status, code), ((int)answer.Status, answer.Text("code")));
        Assert.Empty(_overHttp);
    }

    [Fact]
    public async Task Engines_over_gRPC_tell_their_loads()
    {
        var answer = await _gateway.SendAsync("GET", "/get_loads");

        var load = answer["loads"].EnumerateArray().First();
        Assert.Equal((SgLangUrl, 7), (load.GetProperty("worker").GetString(), load.GetProperty("load").GetInt32()));
        Assert.Equal(2, load.GetProperty("details").GetProperty("loads")[0].GetProperty("num_running_reqs").GetInt32());
    }

    [Fact]
    public async Task What_an_engine_over_gRPC_told_of_itself_is_answered_in_its_place()
    {
        var model = await _gateway.SendAsync("GET", "/get_model_info?model=m");
        var server = await _gateway.SendAsync("GET", "/get_server_info?model=m");

        Assert.Equal(("/models/llama", "m", "llama"), (model.Text("model_path"), model.Text("served_model_name"), model.Text("model_type")));
        Assert.Equal((4096, 32000, true), (model["max_model_len"].GetInt32(), model["vocab_size"].GetInt32(), model["is_generation"].GetBoolean()));
        Assert.Equal(0.6, model["preferred_sampling_params"].GetProperty("temperature").GetDouble());
        Assert.Equal((2, 100, "0.5.6"), (server["dp_size"].GetInt32(), server["max_running_requests"].GetInt32(), server.Text("version")));
    }

    [Fact]
    public async Task An_engine_over_HTTP_is_still_asked_itself()
    {
        Assert.Equal("its own", (await _gateway.SendAsync("GET", "/get_model_info?model=h")).Text("model_path"));
        Assert.Equal("its own", (await _gateway.SendAsync("GET", "/get_model_info")).Text("model_path"));
    }

    private static IEnumerable<string> Texts(JsonElement list) => list.EnumerateArray().Select(static item => item.GetString()!);

    private static IEnumerable<string> Pairs(JsonElement list) => list.EnumerateArray().Select(static pair => $"{pair[0]} {pair[1]}");

    private async Task ServeHttpAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        if (context.Request.Method == "POST")
        {
            using var body = new StreamReader(context.Request.Body);
            _overHttp[path] = await body.ReadToEndAsync();
        }

        await EngineStandIn.AnswerJsonAsync(context, path switch
        {
            "/v1/models" => """{"data": [{"id": "h", "owned_by": "sglang"}, {"id": "tuned", "root": "/t", "parent": "h"}]}""",
            "/get_model_info" => """{"model_path": "its own"}""",
            _ => "{}",
        });
    }
}
