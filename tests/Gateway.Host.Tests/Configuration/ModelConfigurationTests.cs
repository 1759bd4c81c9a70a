using Gateway.Actors.Registry;
using Gateway.Actors.Workers;
using Gateway.Host.Configuration;

namespace Gateway.Host.Tests.Configuration;

public sealed class ModelConfigurationTests
{
    private const string Everything = """
        models:
          org/a:
            policy: manual
            max_concurrent_requests: 200
            retry:
              disable_retry: false
              max_retries: 3
              initial_backoff_ms: 10
              max_backoff_ms: 500
              backoff_multiplier: 2
              jitter_factor: 0.5
              retryable_status_codes: [502]
            rates:
              requests_per_minute: 600
              tokens_per_minute: 1000000
          b: { max_concurrent_requests: 0 }
          c: { tokenizer_path: /models/c, chat_template: c.jinja, reasoning_parser: qwen3, tool_call_parser: hermes }
          "*": { rates: { requests_per_minute: 1 } }
          nothing:
        """;

    [Fact]
    public void All_there_is_to_say_of_a_model_stands_in_one_place_of_the_configuration_file()
    {
        using var file = new TemporaryFile(Everything);

        var models = Load.Options($"--config {file.Path}").Models;

        Assert.Equal(
            [
                new ModelOptions
                {
                    Id = "org/a",
                    Policy = "manual",
                    MaxConcurrentRequests = 200,
                    Retry = new RetryOverrides
                    {
                        Disabled = false,
                        MaxAttempts = 3,
                        InitialBackoff = TimeSpan.FromMilliseconds(10),
                        MaxBackoff = TimeSpan.FromMilliseconds(500),
                        BackoffMultiplier = 2,
                        JitterFactor = 0.5,
                        StatusCodes = [502],
                    },
                    RequestsPerMinute = 600,
                    TokensPerMinute = 1_000_000,
                },
                new ModelOptions { Id = "b", MaxConcurrentRequests = 0 },
                new ModelOptions { Id = "c", TokenizerPath = "/models/c", ChatTemplate = "c.jinja", ReasoningParser = "qwen3", ToolCallParser = "hermes" },
                new ModelOptions { Id = "*", RequestsPerMinute = 1 },
            ],
            models);
    }

    [Fact]
    public void A_models_policy_in_its_section_is_its_policy_unless_a_flag_or_a_variable_says_another()
    {
        using var file = new TemporaryFile("models:\n  a: { policy: manual }\n  b: { policy: random }\n");

        Assert.Equal(
            [new ModelPolicyName("a", "manual"), new ModelPolicyName("b", "random")],
            RegistryOptions.Of(Load.Options($"--config {file.Path}")).ModelPolicies);
        Assert.Equal(
            new ModelPolicyName("b", "bucket"),
            RegistryOptions.Of(Load.Options($"--config {file.Path} --model-policies b=bucket")).ModelPolicies.First(static policy => policy.Model == "b"));
    }

    [Theory]
    [InlineData("models: [a]", "1: models: must be a mapping of model ids to their settings")]
    [InlineData("models:\n  a: 5", "2: models.a: must be an object")]
    [InlineData("models:\n  '': { policy: random }", "2: models: an id must not be empty")]
    [InlineData("models:\n  a: { polcy: random }", "2: models.a.polcy: unknown field; did you mean policy?")]
    [InlineData("models:\n  a: { policy: fancy }", "2: models.a.policy: unknown policy 'fancy'; one of bucket")]
    [InlineData("models:\n  a: { max_concurrent_requests: -1 }", "2: models.a.max_concurrent_requests: must be a whole number from 0")]
    [InlineData("models:\n  a: { retry: { max_retries: 0 } }", "2: models.a.retry.max_retries: must be a whole number from 1 to 16")]
    [InlineData("models:\n  a: { retry: { retryable_status_codes: [200] } }", "2: models.a.retry.retryable_status_codes: must be a list of statuses")]
    [InlineData("models:\n  a: { retry: { cb_failure_threshold: 1 } }", "2: models.a.retry.cb_failure_threshold: unknown field")]
    [InlineData("models:\n  a: { rates: { requests_per_minute: 0 } }", "2: models.a.rates.requests_per_minute: must be a whole number from 1")]
    [InlineData("models:\n  a: { rates: { tokens_per_minut: 1 } }", "2: models.a.rates.tokens_per_minut: unknown field; did you mean tokens_per_minute?")]
    [InlineData("models:\n  a: { reasoning_parser: fancy }", "2: models.a.reasoning_parser: unknown reasoning parser 'fancy'; one of passthrough")]
    [InlineData("models:\n  a: { tool_call_parser: fancy }", "2: models.a.tool_call_parser: unknown tool-call parser 'fancy'; one of passthrough")]
    [InlineData("models:\n  a: { tokenizer_path: '' }", "2: models.a.tokenizer_path: must be a text that is not empty")]
    [InlineData("models:\n  a: { policy: random }\n  a: { policy: random }", "3: Duplicate key a")]
    [InlineData("modles:\n  a: { policy: random }", "1: unknown key 'modles'; did you mean models?")]
    [InlineData(
        "models:\n  a: { policy: random }\nmodel-policies: [a=manual]", "3: model-policies: 'a=manual' cannot be given together with models.a.policy")]
    public void A_wrong_model_ends_the_start_with_a_line_that_names_the_key(string text, string expected)
    {
        using var file = new TemporaryFile(text);

        Assert.StartsWith($"{file.Path}:{expected}", Load.Error($"--config {file.Path}"), StringComparison.Ordinal);
    }
}
