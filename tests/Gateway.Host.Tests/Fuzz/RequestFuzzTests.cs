using System.Globalization;
using System.Text.Json;
using Gateway.Host.Configuration;
using Gateway.Host.Serving;
using Gateway.Host.Tests.EndToEnd.TokenIn;
using Gateway.Simulator;

namespace Gateway.Host.Tests.Fuzz;

/// <summary>Bodies as nobody should send them. <c>FUZZ_INPUTS</c> says how many, for runs that are longer than a test may be.</summary>
public sealed class RequestFuzzTests
{
    private static readonly int? Wanted = int.TryParse(Environment.GetEnvironmentVariable("FUZZ_INPUTS"), CultureInfo.InvariantCulture, out var count) ? count : null;

    [Fact]
    public void Whatever_a_body_is_looking_through_it_ends_and_points_into_it()
    {
        var fuzz = new RequestFuzz(1);
        for (var i = 0; i < (Wanted ?? 50_000); i++)
        {
            var body = fuzz.Next();
            if (RequestPeek.Read(body, out var peek) is { } error)
            {
                Assert.InRange(error.Status, 400, 499);
                continue;
            }

            Assert.True(peek.ObjectEnd < body.Length && body[peek.ObjectEnd] == (byte)'}');
            Assert.True(peek.PromptStart >= 0 && peek.PromptStart + peek.PromptLength <= body.Length);
            Assert.True(!peek.HasModel || body[peek.ModelStart] == (byte)'"');
        }
    }

    [Theory]
    [InlineData("/v1/chat/completions")]
    [InlineData("/v1/completions")]
    [InlineData("/generate")]
    public async Task Whatever_a_body_is_the_gateway_answers_it_without_failing_and_keeps_nothing_of_it(string path)
    {
        await using var gateway = await SimulatedGateway.StartAsync(
            1,
            new SimulatorOptions { Timings = EngineTimings.Instant },
            options => options with { Retry = new RetryOptions { Disabled = true }, Breaker = options.Breaker with { Disabled = true } });
        var fuzz = new RequestFuzz(path.Length);
        var inputs = (Wanted ?? 1_500) / 3;
        var (early, answered) = (0L, 0);
        for (var i = 0; i < inputs; i++)
        {
            var body = fuzz.Next();
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
            using var response = await gateway.Live.Client.SendAsync(request);
            Assert.True((int)response.StatusCode < 500, $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()} to {JsonSerializer.Serialize(body.Select(static b => (char)b).ToArray())}");
            answered += response.IsSuccessStatusCode ? 1 : 0;
            if (i == inputs / 2)
                early = GC.GetTotalMemory(forceFullCollection: true);
        }

        // Half of the inputs may warm caches up; the other half must not add as much again.
        var late = GC.GetTotalMemory(forceFullCollection: true);
        Assert.True(late < early * 1.5, $"{early} bytes became {late}");
        // The model has no chat template: conversations are read to their end and then refused.
        Assert.InRange(answered, path == "/v1/chat/completions" ? 0 : 1, inputs - 1);
        Assert.Equal(0, gateway.Engines[0].Stats.Running);
    }
}
