using Gateway.Actors.Engines.Generation;
using Gateway.Actors.Engines.TensorRtLlm;
using Gateway.Actors.Tests.Support;
using Gateway.Actors.Tests.Support.Fakes;
using Gateway.Wire.TensorRtLlm;

namespace Gateway.Actors.Tests.Engines.Generation;

/// <summary>TensorRT-LLM's words, both ways.</summary>
public sealed class TensorRtLlmWordsTests
{
    private static readonly GenerationRequest Plain = new() { RequestId = "r", PromptTokens = new[] { 1, 2 }, Stream = true };

    [Fact]
    public void What_nobody_says_is_sent_as_the_neutral_value_and_an_answer_may_fill_the_context()
    {
        var message = TensorRtLlmRequest.From(Plain, new EngineDefaults(SamplingDefaults.None, 100));
        var expected = new SamplingConfig
        {
            BeamWidth = 1,
            NumReturnSequences = 1,
            Temperature = 1,
            TopP = 1,
            TopK = 0,
            MinP = 0,
            FrequencyPenalty = 0,
            PresencePenalty = 0,
            RepetitionPenalty = 1,
        };
        Assert.Equal(expected, message.SamplingConfig);
        Assert.Equal((98u, true), (message.MaxTokens, message.OutputConfig.ExcludeInputFromOutput));
        Assert.True(TensorRtLlmRequest.From(Plain, EngineDefaults.None).MaxTokens > 0);
    }

    [Fact]
    public void All_that_is_asked_for_is_said()
    {
        var message = TensorRtLlmRequest.From(
            Plain with
            {
                TopLogprobs = 2,
                PromptLogprobsFrom = 0,
                Constraint = new OutputConstraint(ConstraintKind.Ebnf, "g"),
                Images = ["data:image/png;base64,AQID"],
                Sampling = new SamplingSettings { MaxTokens = 4, MinTokens = 2, Seed = 5, Choices = 2, KeepsStop = true, Stop = ["x"], StopTokens = [9] },
            },
            EngineDefaults.None);
        Assert.Equal((4u, 2u, 5ul, 2u), (message.MaxTokens, message.SamplingConfig.MinTokens, message.SamplingConfig.Seed, message.SamplingConfig.NumReturnSequences));
        Assert.Equal((2, 2, true), (message.OutputConfig.Logprobs, message.OutputConfig.PromptLogprobs, message.IncludeStopTokenInOutput));
        Assert.Equal((GuidedDecodingParams.Types.GuideType.EbnfGrammar, "g"), (message.GuidedDecoding.GuideType, message.GuidedDecoding.Guide));
        Assert.Equal([1, 2, 3], message.MultimodalInput.ImageData[0].ToByteArray());
    }

    [Fact]
    public void What_it_has_no_words_for_is_refused()
    {
        Assert.Equal(EngineFault.Unsupported, FaultOf(Plain with { Images = ["http://i/1"] }));
        Assert.Equal(EngineFault.InvalidRequest, FaultOf(Plain with { Images = ["data:image/png;base64,*"] }));
        Assert.Equal(EngineFault.Unsupported, FaultOf(Plain with { Sampling = new SamplingSettings { LogitBias = new Dictionary<int, float> { [1] = 1 } } }));
    }

    [Fact]
    public async Task It_is_spoken_to_as_the_others_are()
    {
        var engine = new FakeTensorRtLlm();
        await using var server = await GrpcServer.StartAsync(engine);
        using var client = await GrpcServer.ConnectAsync(server);
        var steps = new List<(string, FinishReason, string?)>();
        await using (var generation = client.Generate(Plain, null, CancellationToken.None))
        {
            while (await generation.ReadAsync(CancellationToken.None))
                steps.Add((string.Join(' ', generation.Current.Tokens.ToArray()), generation.Current.Finish, generation.Current.MatchedStop));
        }

        Assert.Equal([("8", FinishReason.None, null), ("9", FinishReason.Stop, "!")], steps);

        engine.OnGenerate = static (_, _, context) => Task.Delay(Timeout.Infinite, context.CancellationToken);
        await client.Generate(Plain with { RequestId = "given up" }, null, CancellationToken.None).DisposeAsync();
        await Eventually.HoldsAsync(() => Assert.Equal(["given up"], engine.Aborted));
    }

    private static EngineFault FaultOf(GenerationRequest request) =>
        Assert.Throws<EngineException>(() => TensorRtLlmRequest.From(request, EngineDefaults.None)).Fault;
}
