using Gateway.Host.Configuration;

namespace Gateway.Host.Tests.Documentation;

public sealed class ConfigurationPageTests
{
    private static readonly string Page = RepositoryFile.Read("docs/configuration.md");

    [Fact]
    public void The_page_lists_every_option_with_its_variable_and_default_as_the_catalog_has_them()
    {
        var expected = OptionTable.Render();
        var begin = Page.IndexOf(OptionTable.Begin, StringComparison.Ordinal);
        var end = Page.IndexOf(OptionTable.End, StringComparison.Ordinal);

        Assert.True(begin >= 0 && end > begin, $"docs/configuration.md must contain {OptionTable.Begin} and then {OptionTable.End}");
        var listed = Page[(begin + OptionTable.Begin.Length)..end];
        Assert.True(listed.Trim() == expected.Trim(), $"Put this between the two markers of docs/configuration.md:\n{expected}");
    }

    [Theory]
    [InlineData("url", "models", "model_id", "worker_type", "runtime_type", "connection_mode", "api_key", "labels", "priority", "cost")]
    [InlineData("tls_server_name", "bootstrap_port", "dp_rank", "dp_size", "health", "resilience", "aliases", "context_length")]
    [InlineData("check_interval_secs", "timeout_secs", "success_threshold", "failure_threshold", "disable_health_check", "drain_timeout_secs")]
    [InlineData("cb_failure_threshold", "cb_success_threshold", "cb_timeout_secs", "cb_window_secs", "disable_circuit_breaker")]
    [InlineData("policy", "max_concurrent_requests", "retry", "rates", "requests_per_minute", "tokens_per_minute")]
    [InlineData("disable_retry", "max_retries", "retryable_status_codes", "initial_backoff_ms", "max_backoff_ms", "backoff_multiplier", "jitter_factor")]
    public void The_page_explains_every_field_of_a_worker_and_a_model(params string[] fields) =>
        Assert.All(fields, static field => Assert.Contains($"`{field}`", Page, StringComparison.Ordinal));

    [Fact]
    public void The_page_tells_every_way_in_which_the_process_ends()
    {
        Assert.Contains($"| {ExitCode.Success} |", Page, StringComparison.Ordinal);
        Assert.Contains($"| {ExitCode.CannotListen} |", Page, StringComparison.Ordinal);
        Assert.Contains($"| {ExitCode.BadConfiguration} |", Page, StringComparison.Ordinal);
    }
}
