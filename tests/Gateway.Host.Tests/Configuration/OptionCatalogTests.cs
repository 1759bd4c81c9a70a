using Gateway.Host.Configuration;

namespace Gateway.Host.Tests.Configuration;

public sealed class OptionCatalogTests
{
    /// <summary>A value other than the default for each option, by its name.</summary>
    private static readonly Dictionary<string, string> Samples = new()
    {
        ["worker-urls"] = "http://a:1",
        ["otlp-endpoint"] = "http://collector:4317",
        ["otlp-traces-endpoint"] = "http://traces:4317",
        ["trace-sample-ratio"] = "0.25",
        ["metrics-names"] = "both",
        ["prefill"] = "http://a:1",
        ["decode"] = "http://a:1",
        ["workers-file"] = "workers.yaml",
        ["selector"] = "app=llama",
        ["cluster-selector"] = "app=gateway",
        ["cluster-peers"] = "10.0.0.1:4053",
        ["prefill-selector"] = "app=llama",
        ["decode-selector"] = "app=llama",
        ["model-id-from"] = "annotation:org/model",
        ["service-discovery-kubeconfig"] = "config",
        ["dns-workers"] = "dns+srv+grpc://_grpc._tcp.vllm.svc",
        ["dns-prefill"] = "dns://prefill.svc:8000",
        ["dns-decode"] = "dns+https://decode.svc:8000",
        ["dns-servers"] = "10.0.0.10:5353",
        ["policy"] = "random",
        ["prefill-policy"] = "bucket",
        ["decode-policy"] = "least_load",
        ["model-policies"] = "org/m=v2=manual",
        ["assignment-mode"] = "min_group",
        ["max-tree-size"] = "1048576",
        ["cache-threshold"] = "0.25",
        ["host"] = "127.0.0.1",
        ["health-check-endpoint"] = "/alive",
        ["jwt-role-mapping"] = "ops=team=operator",
        ["jwt-algorithms"] = "ES256",
        ["allowed-worker-networks"] = "10.0.0.0/8",
        ["cors-allowed-origins"] = "https://app.example.org",
        ["log-level"] = "warn",
        ["request-id-headers"] = "x-trace",
        ["actor-config"] = "actors.conf",
        ["cb-failure-rate"] = "0.25",
        ["panic-threshold"] = "0.25",
        ["retryable-status-codes"] = "418",
        ["retry-jitter-factor"] = "0.25",
        ["retry-budget-ratio"] = "0.25",
        ["max-priority"] = "interactive",
        ["reasoning-parser"] = "qwen3",
        ["tool-call-parser"] = "hermes",
    };

    public static TheoryData<string> Names => [.. OptionCatalog.All.Select(static option => option.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void An_option_that_is_set_to_its_default_changes_nothing(string name)
    {
        var option = OptionCatalog.Find(name)!;
        var defaults = new GatewayOptions();
        if (option.Show(defaults) is { Length: > 0 } value)
            Assert.Equal(defaults, option.Apply(defaults, option.IsList ? value.Split(' ') : [value]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_option_reads_back_what_was_written_and_touches_nothing_else(string name)
    {
        var option = OptionCatalog.Find(name)!;
        if (option.Hint is "KEY" || name.EndsWith("-key-file", StringComparison.Ordinal))
            return;
        var value = Samples.GetValueOrDefault(name) ?? (option.IsSwitch ? "true" : "7");
        if (!Samples.ContainsKey(name) && (option.Hint is "BYTES" || name == "max-header-size"))
            value = "2048";

        var changed = option.Apply(new GatewayOptions(), [value]);

        Assert.Equal(value, option.Show(changed));
        Assert.NotEqual(new GatewayOptions(), changed);
        foreach (var other in OptionCatalog.All.Where(other => other != option))
            Assert.Equal(other.Show(new GatewayOptions()), other.Show(changed));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_key_is_never_shown(string name)
    {
        var options = new GatewayOptions
        {
            Security = new SecurityOptions { ApiKey = new("hush-1"), ControlPlaneApiKey = new("hush-2") },
        };

        Assert.DoesNotContain("hush", OptionCatalog.Find(name)!.Show(options), StringComparison.Ordinal);
        Assert.DoesNotContain("hush", options.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_option_without_a_value_is_refused(string name)
    {
        var option = OptionCatalog.Find(name)!;
        if (!option.IsList)
            Assert.Equal("needs a value", Assert.Throws<FormatException>(() => option.Apply(new GatewayOptions(), [])).Message);
    }

    [Fact]
    public void Names_are_unique()
    {
        Assert.Equal(OptionCatalog.All.Count, OptionCatalog.All.Select(static option => option.Name).Distinct().Count());
        Assert.Equal(OptionCatalog.All.Count, OptionCatalog.All.Select(static option => option.EnvironmentName).Distinct().Count());
    }

    [Fact]
    public void The_help_text_lists_every_option_with_its_variable_and_default()
    {
        var help = HelpText.Render();
        var words = help.Split([' ', '\n', '[', ']', ';'], StringSplitOptions.RemoveEmptyEntries).ToHashSet();
        foreach (var option in OptionCatalog.All)
        {
            Assert.Contains(option.Flag, words);
            Assert.Contains(option.EnvironmentName, words);
            if (!option.IsSwitch && option.Show(new GatewayOptions()) is { Length: > 0 } value)
                Assert.All(value.Split(' '), word => Assert.Contains(word, words));
        }
    }

    [Fact]
    public void The_help_text_fits_a_terminal_of_a_hundred_columns() =>
        Assert.All(HelpText.Render().Split('\n'), static line => Assert.True(line.Length <= 100, line));

    [Fact]
    public void Flags_have_the_defaults_that_operators_of_the_other_gateway_expect()
    {
        var defaults = new GatewayOptions();
        (string Name, string Value)[] expected =
        [
            ("host", "0.0.0.0"), ("port", "30000"), ("request-timeout-secs", "1800"), ("shutdown-grace-period-secs", "180"),
            ("max-payload-size", "536870912"), ("retry-max-retries", "5"), ("retry-initial-backoff-ms", "50"),
            ("retry-max-backoff-ms", "30000"), ("retry-backoff-multiplier", "1.5"), ("cb-failure-threshold", "10"), ("cb-success-threshold", "3"),
            ("cb-timeout-duration-secs", "60"), ("cb-window-duration-secs", "120"), ("health-failure-threshold", "3"),
            ("health-success-threshold", "2"), ("health-check-timeout-secs", "5"), ("health-check-interval-secs", "60"),
            ("health-check-endpoint", "/health"), ("log-level", "info"), ("log-json", "false"),
            ("max-idle-secs", "14400"), ("assignment-mode", "random"), ("prefix-token-count", "256"), ("prefix-hash-load-factor", "1.25"),
            ("least-load-kv-pressure-weight", "0.15"), ("least-load-default-throughput", "2000"),
            ("least-load-mean-prefill-tokens", "1024"), ("load-monitor-interval", "10"),
        ];
        Assert.All(expected, pair => Assert.Equal(pair.Value, OptionCatalog.Find(pair.Name)!.Show(defaults)));
    }
}
