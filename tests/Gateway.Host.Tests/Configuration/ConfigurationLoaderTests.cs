using Gateway.Actors.Registry;
using Gateway.Actors.Routing;
using Gateway.Actors.Workers;
using Gateway.Host.Configuration;

namespace Gateway.Host.Tests.Configuration;

public sealed class ConfigurationLoaderTests
{
    [Fact]
    public void A_flag_beats_a_variable_and_a_variable_beats_the_file()
    {
        using var file = new TemporaryFile("port: 1\npolicy: random\nlog_level: warn\n");
        var environment = new Dictionary<string, string> { ["GATEWAY_PORT"] = "2", ["GATEWAY_POLICY"] = "round_robin" };

        var options = Load.Options($"--config {file.Path} --port 3", environment);

        Assert.Equal(3, options.Listen.Port);
        Assert.Equal("round_robin", options.Fleet.Policy);
        Assert.Equal("warn", options.Log.Level);
        Assert.Equal(new TimeoutOptions(), options.Timeouts);
    }

    [Fact]
    public void A_list_replaces_the_list_of_a_weaker_source()
    {
        var environment = new Dictionary<string, string> { ["GATEWAY_WORKER_URLS"] = "http://a:1,http://b:2  http://c:3" };

        Assert.Equal(["http://a:1", "http://b:2", "http://c:3"], Urls(Load.Options("", environment)));
        Assert.Equal(["http://d:4"], Urls(Load.Options("--worker-urls http://d:4", environment)));
    }

    [Theory]
    [InlineData("--worker-urls http://a:1 http://b:2 --port 1")]
    [InlineData("--worker-urls http://a:1 --port 1 --worker-urls http://b:2")]
    [InlineData("launch --worker-urls http://a:1 http://b:2")]
    [InlineData("--worker-urls=http://a:1 --worker-urls=http://b:2")]
    [InlineData("start --worker-urls http://a:1 http://b:2")]
    public void Several_words_may_follow_a_list_and_it_may_be_repeated(string commandLine) =>
        Assert.Equal(["http://a:1", "http://b:2"], Urls(Load.Options(commandLine)));

    [Theory]
    [InlineData("--prefill http://a:1 8998 --prefill http://b:2 --decode http://c:3")]
    [InlineData("--prefill http://a:1 8998 http://b:2 --decode http://c:3")]
    public void A_prefill_workers_bootstrap_port_stands_behind_its_URL(string commandLine)
    {
        var fleet = Load.Options(commandLine).Fleet;

        Assert.Equal(["http://a:1 8998", "http://b:2"], fleet.PrefillWorkers.Select(static worker => worker.ToString()));
        Assert.Equal(["http://c:3"], fleet.DecodeWorkers.Select(static url => url.Text));
        Assert.Equal(0, fleet.SimulatedWorkers);
    }

    [Fact]
    public void The_file_may_be_JSON_and_its_keys_may_have_dashes_or_underscores()
    {
        using var file = new TemporaryFile("{\n\t\"worker_urls\": [\"http://a:1\"],\n\t\"max-payload-size\": 5,\n\t\"log-json\": true }", ".json");

        var options = Load.Options("", new() { ["GATEWAY_CONFIG"] = file.Path });

        Assert.Equal(["http://a:1"], Urls(options));
        Assert.Equal(5, options.Limits.MaxPayloadSize);
        Assert.True(options.Log.Json);
    }

    [Fact]
    public void The_file_may_describe_workers_in_full()
    {
        using var file = new TemporaryFile("workers:\n  - url: http://a:1\n    priority: 9\n  - http://b:2\n");

        var workers = Load.Options($"--config {file.Path}").Fleet.Workers;

        Assert.Equal(["http://a:1", "http://b:2"], workers.Select(static spec => spec.Url.Text));
        Assert.Equal(9, workers[0].Priority);
    }

    [Theory]
    [InlineData("model-policies:\n  org/a: manual\n  b: random\n")]
    [InlineData("model_policies: [org/a=manual, b=random]\n")]
    public void The_file_may_give_single_models_their_policies(string yaml)
    {
        using var file = new TemporaryFile(yaml);
        ModelPolicyName[] expected = [new("org/a", "manual"), new("b", "random")];

        Assert.Equal(expected, Load.Options($"--config {file.Path}").Fleet.ModelPolicies);
        Assert.Equal(expected, Load.Options("--model-policies org/a=manual b=random").Fleet.ModelPolicies);
        Assert.Equal("--model-policies: 'manual' is not of the form model=policy", Load.Error("--model-policies manual"));
        Assert.Contains("unknown policy 'fancy'", Load.Error("--model-policies a=fancy"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_balance_thresholds_are_the_same_for_every_policy_that_has_them()
    {
        var balance = RegistryOptions.Of(Load.Options("--balance-abs-threshold 8 --balance-rel-threshold 1.25")).Routing.Balance;

        Assert.Equal(new BalanceSettings { AbsThreshold = 8, RelThreshold = 1.25 }, balance);
        Assert.False(Load.Options("").Routing.Balance.IsSet);
    }

    [Fact]
    public void A_switch_may_be_turned_off_again()
    {
        var environment = new Dictionary<string, string> { ["GATEWAY_DISABLE_RETRIES"] = "yes" };

        Assert.True(Load.Options("", environment).Retry.Disabled);
        Assert.False(Load.Options("--disable-retries false", environment).Retry.Disabled);
        Assert.True(Load.Options("--disable-retries --port 1").Retry.Disabled);
    }

    [Fact]
    public void A_key_may_come_from_a_file_and_a_stronger_source_beats_it()
    {
        using var file = new TemporaryFile("hush\n");

        Assert.Equal(new Secret("hush"), Load.Options($"--api-key-file {file.Path}").Security.ApiKey);
        Assert.Equal(new Secret("flag"), Load.Options("--api-key flag", new() { ["GATEWAY_API_KEY_FILE"] = file.Path }).Security.ApiKey);
        Assert.Equal(new Secret("hush"), Load.Options($"--api-key-file {file.Path}", new() { ["GATEWAY_API_KEY"] = "variable" }).Security.ApiKey);
        Assert.Equal(
            "--api-key-file: cannot be given together with --api-key",
            Load.Error($"--api-key x --api-key-file {file.Path}"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("launch")]
    [InlineData("start")]
    public void A_gateway_that_is_told_nothing_is_a_demo_and_says_so(string commandLine)
    {
        var loaded = Load.All(commandLine);

        Assert.Equal(2, loaded.Options.Fleet.SimulatedWorkers);
        Assert.Contains("demo mode", loaded.Notices[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_gateway_that_is_told_anything_is_no_demo()
    {
        using var file = new TemporaryFile("# nothing\n");

        Assert.Equal(0, Load.Options("--simulate 0").Fleet.SimulatedWorkers);
        Assert.Equal(0, Load.Options("--port 1").Fleet.SimulatedWorkers);
        Assert.Equal(0, Load.Options("", new() { ["GATEWAY_PORT"] = "1" }).Fleet.SimulatedWorkers);
        Assert.Equal(0, Load.Options($"--config {file.Path}").Fleet.SimulatedWorkers);
        Assert.Equal(5, Load.Options("--simulate 5").Fleet.SimulatedWorkers);
    }

    [Fact]
    public void Variables_that_Kubernetes_sets_for_a_service_of_our_name_are_not_ours()
    {
        var options = Load.Options("", new()
        {
            ["GATEWAY_PORT"] = "tcp://10.0.0.1:80",
            ["GATEWAY_SERVICE_HOST"] = "10.0.0.1",
            ["GATEWAY_SERVICE_PORT"] = "80",
            ["GATEWAY_SERVICE_PORT_HTTP"] = "80",
            ["GATEWAY_PORT_80_TCP"] = "tcp://10.0.0.1:80",
            ["GATEWAY_PORT_80_TCP_ADDR"] = "10.0.0.1",
        });

        Assert.Equal(30000, options.Listen.Port);
        Assert.Equal(2, options.Fleet.SimulatedWorkers);
    }

    [Theory]
    [InlineData("::", "[::]")]
    [InlineData("[::1]", "[::1]")]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("localhost", "localhost")]
    public void An_IPv6_address_can_be_listened_on(string word, string host) =>
        Assert.Equal(host, Load.Options($"--host {word}").Listen.Host);

    [Theory]
    [InlineData("--simulate 1", "simulated engines: 1. No model runs in them; their answers are made up.")]
    [InlineData("--simulate 0", "no workers configured: they can be registered with POST /workers")]
    [InlineData("--open-control-plane --worker-urls http://a:1", "the control plane is open to every machine that can connect, without a key")]
    public void What_may_surprise_an_operator_is_said_at_the_start(string commandLine, string notice) =>
        Assert.Equal([notice], Load.All(commandLine).Notices);

    [Fact]
    public void A_gateway_with_workers_starts_silently() =>
        Assert.Empty(Load.All("--worker-urls http://a:1").Notices);

    private static IEnumerable<string> Urls(GatewayOptions options) => options.Fleet.WorkerUrls.Select(static url => url.Text);
}
