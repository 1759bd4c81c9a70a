using System.Globalization;
using System.Text.Json;
using Gateway.Host.Admission;
using Gateway.Host.Configuration;
using Gateway.Host.Serving;
using Gateway.Host.Tests.EndToEnd.TokenIn;
using Gateway.Host.Tests.Support;
using Gateway.Simulator;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Host.Tests.Fuzz;

/// <summary>Bodies as nobody should send them. <c>FUZZ_INPUTS</c> says how many, for runs that are longer than a test may be.</summary>
[Collection(AloneInTheProcess.Name)]
public sealed class RequestFuzzTests
{
    private static readonly int? Wanted = int.TryParse(Environment.GetEnvironmentVariable("FUZZ_INPUTS"), CultureInfo.InvariantCulture, out var count) ? count : null;

    /// <summary>
    /// Most bytes, 4 MiB, by which memory may differ between half of the inputs and all of them. What chance moves, such as pooled arrays and
    /// compiled code, stays below; of 333,334 inputs each may leave no more than 25 bytes.
    /// </summary>
    private const long MostGrowth = 4L * 1024 * 1024;

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
            options => options with
            {
                Retry = new RetryOptions { Disabled = true },
                Breaker = options.Breaker with { Disabled = true },
                // What is kept on purpose has its cap, up to which it grows; small ones are full long before half of a long run.
                Text = options.Text with { PromptCacheBytes = 0, SegmentCacheBytes = 0 },
                Fleet = options.Fleet with { Policy = "round_robin" },
            });
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
                early = InUse();
        }

        var late = InUse();
        Assert.True(late - early < MostGrowth, $"{early} bytes became {late} with {inputs - (inputs / 2)} inputs");
        // The model has no chat template: conversations are read to their end and then refused.
        Assert.InRange(answered, path == "/v1/chat/completions" ? 0 : 1, inputs - 1);
        var services = gateway.Live.App.Services;
        await Eventually.HoldsAsync(
            () => gateway.Engines[0].Stats.Running == 0
                && services.GetRequiredService<AdmissionGate>().InFlight == 0
                && services.GetRequiredService<AdmissionQueue>() is { Running: 0, Waiting: 0 }
                && gateway.Live.View.Current.Workers.Values.All(static entry => entry.Worker.Load == 0),
            "nothing is counted as running");
    }

    /// <summary>Bytes that are reachable: finalizers free what a first collection finds.</summary>
    private static long InUse()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
