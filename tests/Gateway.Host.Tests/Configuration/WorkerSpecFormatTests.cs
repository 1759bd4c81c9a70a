using System.Text;
using System.Text.Json;
using Gateway.Actors.Workers;
using Gateway.Host.Configuration;

namespace Gateway.Host.Tests.Configuration;

public sealed class WorkerSpecFormatTests
{
    /// <summary>Every field that scripts for the other gateway may send.</summary>
    private const string Everything = """
        {
          "url": "grpc://A:5/", "models": [{"id": "m", "aliases": ["x", "y"], "context_length": 4096, "display_name": "M", "id2label": {"0": "a"}}, "n"],
          "worker_type": "prefill", "connection_mode": "grpc", "runtime_type": "sglang", "provider": "openai",
          "labels": {"zone": "b", "gpus": 8}, "priority": 70, "cost": 2.5, "api_key": "hush", "bootstrap_port": 8998, "dp_base_url": "x",
          "dp_rank": 0, "dp_size": 2, "kv_connector": "NixlConnector", "kv_role": "kv_both", "kv_engine_id": "e", "kv_block_size": 16,
          "health": {"timeout_secs": 3, "check_interval_secs": 10, "success_threshold": 1, "failure_threshold": 4, "disable_health_check": false, "drain_settle_secs": 7},
          "http_pool": {"pool_max_idle_per_host": 8}, "max_connection_attempts": 20, "load_monitor_interval_secs": 10,
          "resilience": {"max_retries": 3, "retryable_status_codes": [500], "initial_backoff_ms": 20, "max_backoff_ms": 2000, "backoff_multiplier": 2, "jitter_factor": 0.5, "disable_retry": false, "cb_failure_threshold": 5, "cb_success_threshold": 2, "cb_timeout_secs": 30, "cb_window_secs": 60, "disable_circuit_breaker": true},
          "multimodal_tensor_transport": "shm", "multimodal_shm_min_bytes": 1, "zmq_handshake_address": null, "overload": {}
        }
        """;

    private static readonly WorkerSpec EverythingRead = new()
    {
        Url = WorkerUrl.Parse("grpc://a:5@0"),
        Models = [new ModelCard("m", ["x", "y"], 4096), new ModelCard("n")],
        Role = WorkerRole.Prefill,
        Runtime = EngineRuntime.SgLang,
        Labels = new Labels([KeyValuePair.Create("zone", "b"), KeyValuePair.Create("gpus", "8")]),
        Priority = 70,
        Cost = 2.5,
        ApiKey = new Secret("hush"),
        BootstrapPort = 8998,
        DataParallelSize = 2,
        Health = new HealthOverrides
        {
            Timeout = TimeSpan.FromSeconds(3),
            Interval = TimeSpan.FromSeconds(10),
            SuccessThreshold = 1,
            FailureThreshold = 4,
            Disabled = false,
            DrainTimeout = TimeSpan.FromSeconds(7),
        },
        Retry = new RetryOverrides
        {
            Disabled = false,
            MaxAttempts = 3,
            InitialBackoff = TimeSpan.FromMilliseconds(20),
            MaxBackoff = TimeSpan.FromSeconds(2),
            BackoffMultiplier = 2,
            JitterFactor = 0.5,
            StatusCodes = [500],
        },
        Breaker = new BreakerOverrides
        {
            FailureThreshold = 5,
            SuccessThreshold = 2,
            OpenDuration = TimeSpan.FromSeconds(30),
            Window = TimeSpan.FromSeconds(60),
            Disabled = true,
        },
    };

    [Fact]
    public void Every_field_of_the_other_gateway_is_understood_or_ignored() => Assert.Equal(EverythingRead, Read(Everything));

    [Fact]
    public void What_is_left_out_has_the_default() =>
        Assert.Equal(new WorkerSpec { Url = WorkerUrl.Parse("http://a:1") }, Read("""{"url": "http://a:1"}"""));

    [Fact]
    public void Empty_overrides_are_none() =>
        Assert.Equal(Read("""{"url": "http://a:1"}"""), Read("""{"url": "http://a:1", "health": {}, "resilience": {}, "labels": {}}"""));

    [Fact]
    public void What_is_written_reads_as_the_same_but_for_the_key()
    {
        var json = Write(EverythingRead);

        Assert.DoesNotContain("hush", json, StringComparison.Ordinal);
        Assert.DoesNotContain("api_key", json, StringComparison.Ordinal);
        Assert.Equal(EverythingRead with { ApiKey = null }, Read(json));
    }

    [Theory]
    [InlineData("\"models\": [\"m\"]")]
    [InlineData("\"models\": \"m\"")]
    [InlineData("\"models\": {\"id\": \"m\"}")]
    [InlineData("\"model_id\": \"m\"")]
    [InlineData("\"model_id\": \"m\", \"models\": []")]
    [InlineData("\"model_id\": \"m\", \"models\": [{\"id\": \"m\"}]")]
    public void A_model_may_be_said_in_several_ways(string field) =>
        Assert.Equal([new ModelCard("m")], Read($$"""{"url": "http://a:1", {{field}}}""").Models);

    [Theory]
    [InlineData("")]
    [InlineData(", \"models\": []")]
    [InlineData(", \"models\": null")]
    public void Without_models_the_engine_is_asked(string field) =>
        Assert.True(Read($$"""{"url": "http://a:1"{{field}}}""").Models.IsEmpty);

    [Fact]
    public void A_star_serves_any_model() =>
        Assert.True(Read("""{"url": "http://a:1", "models": ["*"]}""").Models[0].IsWildcard);

    [Fact]
    public void A_connection_mode_completes_a_URL_without_a_scheme() =>
        Assert.Equal("grpc://a:1", Read("""{"url": "a:1", "connection_mode": "grpc"}""").Url.Text);

    [Theory]
    [InlineData("[]", "the body: must be an object")]
    [InlineData("{}", "url: is missing")]
    [InlineData("""{"url": 3}""", "url: must be a text that is not empty")]
    [InlineData("""{"url": "HTTP://a"}""", "url: worker URL 'HTTP://a' must start with http://, https://, grpc:// or grpcs:// (lower case), or have no scheme")]
    [InlineData("""{"url": "http://a", "connection_mode": "grpc"}""", "connection_mode: contradicts the URL 'http://a:80'")]
    [InlineData("""{"url": "http://a", "connection_mode": "zmq"}""", "connection_mode: 'zmq' is not one of http, grpc")]
    [InlineData("""{"url": "http://a", "worker_type": "encode"}""", "worker_type: 'encode' is not one of regular, prefill, decode")]
    [InlineData("""{"url": "http://a", "runtime": "mlx"}""", "runtime: 'mlx' is not one of unspecified, sglang, vllm, trtllm, external")]
    [InlineData("""{"url": "http://a", "priority": -1}""", "priority: must be a whole number from 0 to 2147483647")]
    [InlineData("""{"url": "http://a", "priority": 1.5}""", "priority: must be a whole number from 0 to 2147483647")]
    [InlineData("""{"url": "http://a", "bootstrap_port": 0}""", "bootstrap_port: must be a whole number from 1 to 65535")]
    [InlineData("""{"url": "http://a", "cost": "1"}""", "cost: must be a number from 0 to 1000000000")]
    [InlineData("""{"url": "http://a", "priorty": 1}""", "priorty: unknown field; did you mean priority?")]
    [InlineData("""{"url": "http://a", "health": {"timeout": 1}}""", "health.timeout: unknown field")]
    [InlineData("""{"url": "http://a", "health": {"timeout_secs": 0}}""", "health.timeout_secs: must be a number from 0.01 to 3600")]
    [InlineData("""{"url": "http://a", "health": {"success_threshold": 0}}""", "health.success_threshold: must be a whole number from 1 to 1000")]
    [InlineData("""{"url": "http://a", "health": 3}""", "health: must be an object")]
    [InlineData("""{"url": "http://a", "resilience": {"cb_failure_treshold": 3}}""", "resilience.cb_failure_treshold: unknown field; did you mean cb_failure_threshold?")]
    [InlineData("""{"url": "http://a", "resilience": {"retryable_status_codes": [200]}}""", "resilience.retryable_status_codes: must be a list of statuses from 400 to 599")]
    [InlineData("""{"url": "http://a", "models": [{"aliases": []}]}""", "models[0].id: is missing")]
    [InlineData("""{"url": "http://a", "models": ["m", "m"]}""", "models: names a model twice")]
    [InlineData("""{"url": "http://a", "models": [{"id": "m", "aliases": "x"}]}""", "models[0].aliases: must be a list of texts")]
    [InlineData("""{"url": "http://a", "models": ["m"], "model_id": "n"}""", "model_id: is not the first of models; give models alone")]
    [InlineData("""{"url": "http://a", "labels": {"x": []}}""", "labels: 'x' must be a text")]
    [InlineData("""{"url": "http://a@4", "dp_size": 4}""", "dp_size: 4 ranks, counted from 0, have no rank 4")]
    [InlineData("""{"url": "http://a@4", "dp_rank": 3}""", "dp_rank: contradicts the URL 'http://a:80@4'")]
    [InlineData("""{"url": "http://a", "dp_rank": -1}""", "dp_rank: must be a whole number from 0 to 65535")]
    [InlineData("""{"url": "http://a", "api_key": ["hush"]}""", "api_key: must be a text that is not empty")]
    public void What_cannot_be_meant_is_refused_with_the_fields_name(string json, string message) =>
        Assert.Equal(message, Assert.Throws<FormatException>(() => Read(json)).Message);

    [Theory]
    [InlineData("""{"url": "http://a:1@3"}""", "http://a:1@3")]
    [InlineData("""{"url": "http://a:1", "dp_rank": 3, "dp_size": 4}""", "http://a:1@3")]
    [InlineData("""{"url": "http://a:1@3", "dp_rank": 3}""", "http://a:1@3")]
    [InlineData("""{"url": "a:1@3", "connection_mode": "grpc"}""", "grpc://a:1@3")]
    [InlineData("""{"url": "a:1", "connection_mode": "grpc", "dp_rank": 0}""", "grpc://a:1@0")]
    public void A_rank_is_part_of_the_URL_or_stands_beside_it(string json, string url) => Assert.Equal(url, Read(json).Url.Text);

    [Fact]
    public void A_patch_changes_what_it_names()
    {
        using var json = JsonDocument.Parse("""{"priority": 3, "health": {"timeout_secs": 1}}""");

        var patch = WorkerSpecReader.ReadPatch(json.RootElement);

        Assert.Equal(EverythingRead with { Priority = 3, Health = new HealthOverrides { Timeout = TimeSpan.FromSeconds(1) } }, patch.Apply(EverythingRead));
    }

    [Fact]
    public void A_patch_of_what_cannot_be_patched_is_refused()
    {
        using var json = JsonDocument.Parse("""{"url": "http://b:1"}""");

        Assert.Equal("url: unknown field", Assert.Throws<FormatException>(() => WorkerSpecReader.ReadPatch(json.RootElement)).Message);
    }

    [Theory]
    [InlineData("- http://a:1\n- url: http://b:1\n  labels: {zone: x}\n")]
    [InlineData("workers:\n- http://a:1\n- {url: http://b:1, labels: {zone: x}}\n")]
    [InlineData("""["http://a:1", {"url": "http://b:1", "labels": {"zone": "x"}}]""")]
    [InlineData("""{"workers": ["http://a:1", {"url": "http://b:1", "labels": {"zone": "x"}}]}""")]
    public void A_workers_file_is_a_list_in_YAML_or_JSON(string text)
    {
        var specs = WorkersFileFormat.Parse(text);

        Assert.Equal(["http://a:1", "http://b:1"], specs.Select(static spec => spec.Url.Text));
        Assert.Equal("x", specs[1].Labels["zone"]);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("workers: []")]
    [InlineData("workers:")]
    public void A_workers_file_may_say_that_there_are_none(string text) => Assert.True(WorkersFileFormat.Parse(text).IsEmpty);

    [Theory]
    [InlineData("", "must be a list of workers, or a mapping with nothing but 'workers'")]
    [InlineData("# nothing yet\n", "must be a list of workers, or a mapping with nothing but 'workers'")]
    [InlineData("port: 1", "must be a list of workers, or a mapping with nothing but 'workers'")]
    [InlineData("workers: x", "workers: must be a list of workers")]
    [InlineData("- ftp://a\n", "workers[0]: worker URL 'ftp://a' must start with http://, https://, grpc:// or grpcs:// (lower case), or have no scheme")]
    [InlineData("- http://a:1\n- url: http://b:1\n  cost: high\n", "workers[1].cost: must be a number from 0 to 1000000000")]
    [InlineData("- http://a:1\n- http://A:1/\n", "workers: 'http://a:1' occurs more than once")]
    [InlineData("- http://a:1@1\n- url: a:1\n", "workers: 'http://a:1@1' is a rank of an engine that is listed as a whole")]
    [InlineData("- http://a:1@1\n- {url: http://a:1, dp_rank: 1}\n", "workers: 'http://a:1@1' occurs more than once")]
    [InlineData("- &x [*x]\n", "line 1: nested too deeply")]
    public void A_workers_file_that_is_wrong_or_empty_is_refused(string text, string message) =>
        Assert.Equal(message, Assert.Throws<FormatException>(() => WorkersFileFormat.Parse(text)).Message);

    private static WorkerSpec Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return WorkerSpecReader.Read(document.RootElement);
    }

    private static string Write(WorkerSpec spec)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            WorkerSpecWriter.Write(json, spec, spec.Url.Mode);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
