using Gateway.Actors.Engines.Generation;
using Gateway.Actors.Engines.Vllm;
using Gateway.Actors.Tests.Support;
using Gateway.Actors.Tests.Support.Fakes;
using Gateway.Wire.Vllm;

namespace Gateway.Actors.Tests.Engines.Generation;

/// <summary>vLLM's words, both ways.</summary>
public sealed class VllmWordsTests
{
    private static readonly GenerationRequest Plain = new() { RequestId = "r", PromptTokens = new[] { 1, 2 }, Stream = true };

    [Fact]
    public void What_nobody_says_is_sent_as_the_neutral_value_and_a_temperature_stays_open()
    {
        var message = VllmRequest.From(Plain, SamplingDefaults.None);
        var expected = new SamplingParams { TopP = 1, RepetitionPenalty = 1, SkipSpecialTokens = true, SpacesBetweenSpecialTokens = true, N = 1 };
        Assert.Equal(expected, message.SamplingParams);
        Assert.Equal((false, false, false), (message.SamplingParams.HasTemperature, message.HasDataParallelRank, message.HasKvTransferParamsJson));
    }

    [Fact]
    public void What_the_client_leaves_open_is_the_models_own()
    {
        var defaults = SamplingDefaults.Parse("""{"temperature": 0.6, "top_k": -1, "max_tokens": 9}""");
        var sampling = VllmRequest.From(Plain, defaults).SamplingParams;
        Assert.Equal((0.6f, 0u, 9u), (sampling.Temperature, sampling.TopK, sampling.MaxTokens));
    }

    [Fact]
    public void All_that_is_asked_for_is_said()
    {
        var message = VllmRequest.From(
            Plain with
            {
                TopLogprobs = 2,
                PromptLogprobsFrom = 1,
                DataParallelRank = 0,
                KvTransferJson = """{"do_remote_decode":true}""",
                Constraint = new OutputConstraint(ConstraintKind.JsonObject, ""),
                Sampling = new SamplingSettings { Temperature = 0, Seed = -2, LogitBias = new Dictionary<int, float> { [5] = 1 }, KeepsStop = true, Stop = ["x"] },
            },
            SamplingDefaults.None);
        Assert.Equal((true, 0, """{"do_remote_decode":true}"""), (message.HasDataParallelRank, message.DataParallelRank, message.KvTransferParamsJson));
        var sampling = message.SamplingParams;
        Assert.Equal((true, 0f, 2, 2, true, true, 1f), (sampling.HasTemperature, sampling.Temperature, sampling.Logprobs, sampling.PromptLogprobs, sampling.JsonObject, sampling.IncludeStopStrInOutput, sampling.LogitBias[5]));
        Assert.True(sampling.Seed >= 0);
    }

    [Fact]
    public void The_same_seed_is_the_same_again_and_a_small_one_stays_what_it_is()
    {
        Assert.Equal(42, SeedOf(42));
        Assert.Equal(SeedOf(long.MaxValue - 3), SeedOf(long.MaxValue - 3));
        Assert.NotEqual(SeedOf(1L << 40), SeedOf(1L << 41));
    }

    [Fact]
    public void Images_are_refused_since_it_takes_only_tensors() => Assert.Equal(
        EngineFault.Unsupported, Assert.Throws<EngineException>(static () => VllmRequest.From(Plain with { Images = ["x"] }, SamplingDefaults.None)).Fault);

    [Fact]
    public async Task Its_differences_become_sums_and_what_it_repeats_at_the_end_is_not_repeated()
    {
        var engine = new FakeVllm();
        await using var server = await GrpcServer.StartAsync(engine);
        using var client = await GrpcServer.ConnectAsync(server);
        var steps = new List<(string, int, FinishReason, string?)>();
        await using (var generation = client.Generate(Plain, null, CancellationToken.None))
        {
            while (await generation.ReadAsync(CancellationToken.None))
                steps.Add((string.Join(' ', generation.Current.Tokens.ToArray()), generation.Current.CompletionTokens, generation.Current.Finish, generation.Current.KvTransferJson));
        }

        Assert.Equal([("5 6", 2, FinishReason.None, null), ("7", 3, FinishReason.None, null), ("", 3, FinishReason.Length, "{}")], steps);

        engine.OnGenerate = static (_, _, context) => Task.Delay(Timeout.Infinite, context.CancellationToken);
        await client.Generate(Plain with { RequestId = "given up" }, null, CancellationToken.None).DisposeAsync();
        await Eventually.HoldsAsync(() => Assert.Equal(["given up"], engine.Aborted));
    }

    [Fact]
    public void The_prompts_logprobs_begin_where_they_were_asked_for()
    {
        var chunk = new GenerateStreamChunk
        {
            InputLogprobs = new InputLogProbs
            {
                TokenLogprobs = { new InputTokenLogProb(), new InputTokenLogProb { Value = -2 } },
                TokenIds = { 1, 2 },
            },
        };
        Assert.True(new VllmSteps(Plain with { PromptLogprobsFrom = 1 }).TryRead(new GenerateResponse { Chunk = chunk }, out var step));
        Assert.Equal([(2, -2f)], step.PromptLogprobs!.Select(static logprob => (logprob.Token, logprob.Logprob!.Value)));
    }

    private static int SeedOf(long seed) => VllmRequest.From(Plain with { Sampling = new SamplingSettings { Seed = seed } }, SamplingDefaults.None).SamplingParams.Seed;
}
