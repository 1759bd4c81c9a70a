using Gateway.Actors.Engines.Generation;
using Gateway.Actors.Engines.SgLang;
using Gateway.Wire.SgLang;

namespace Gateway.Actors.Tests.Engines.Generation;

/// <summary>SGLang's words, both ways.</summary>
public sealed class SgLangWordsTests
{
    private static readonly GenerationRequest Plain = new() { RequestId = "r", PromptTokens = new[] { 1, 2 }, PromptText = "ab", Stream = true };

    [Fact]
    public void What_nobody_says_is_sent_as_the_neutral_value()
    {
        var message = SgLangRequest.From(Plain, SamplingDefaults.None);
        Assert.Equal(("r", "ab", true, false, -1), (message.RequestId, message.Tokenized.OriginalText, message.Stream, message.ReturnLogprob, message.LogprobStartLen));
        Assert.Equal([1u, 2u], message.Tokenized.InputIds);
        var expected = new SamplingParams
        {
            Temperature = 1,
            TopP = 1,
            TopK = -1,
            RepetitionPenalty = 1,
            SkipSpecialTokens = true,
            SpacesBetweenSpecialTokens = true,
            N = 1,
        };
        Assert.Equal(expected, message.SamplingParams);
        Assert.Null(message.DisaggregatedParams);
    }

    [Fact]
    public void What_the_client_leaves_open_is_the_models_own()
    {
        var defaults = SamplingDefaults.Parse("""{"temperature": 0.6, "top_k": 20, "top_p": 0.95, "min_p": 0.1, "repetition_penalty": 1.1, "max_new_tokens": 9}""");
        var sampling = SgLangRequest.From(Plain with { Sampling = new SamplingSettings { Temperature = 0, TopK = 5 } }, defaults).SamplingParams;
        Assert.Equal((0f, 0.95f, 5, 0.1f, 1.1f, 9u), (sampling.Temperature, sampling.TopP, sampling.TopK, sampling.MinP, sampling.RepetitionPenalty, sampling.MaxNewTokens));
    }

    [Fact]
    public void All_that_is_asked_for_is_said()
    {
        var message = SgLangRequest.From(
            Plain with
            {
                Stream = false,
                TopLogprobs = 2,
                PromptLogprobsFrom = 0,
                CountsReasoning = true,
                DataParallelRank = 3,
                Images = ["http://i/1"],
                Bootstrap = new BootstrapRoom("h", 8998, 7),
                Constraint = new OutputConstraint(ConstraintKind.Regex, "a+"),
                Sampling = new SamplingSettings
                {
                    FrequencyPenalty = 0.5f,
                    PresencePenalty = -0.5f,
                    MaxTokens = 4,
                    MinTokens = 2,
                    Stop = ["x"],
                    StopTokens = [9],
                    IgnoresEndOfText = true,
                    KeepsStop = true,
                    SkipsSpecialTokens = false,
                    Choices = 3,
                    LogitBias = new Dictionary<int, float> { [5] = -100 },
                },
            },
            SamplingDefaults.None);
        Assert.Equal((false, true, 0, 2, true, 3), (message.Stream, message.ReturnLogprob, message.LogprobStartLen, message.TopLogprobsNum, message.RequireReasoning, message.DataParallelRank));
        Assert.Equal(["http://i/1"], message.MmInputs.ImageUrls);
        Assert.Equal(("h", 8998, 7), (message.DisaggregatedParams.BootstrapHost, message.DisaggregatedParams.BootstrapPort, message.DisaggregatedParams.BootstrapRoom));
        var sampling = message.SamplingParams;
        Assert.Equal((0.5f, -0.5f, 4u, 2u, 3u), (sampling.FrequencyPenalty, sampling.PresencePenalty, sampling.MaxNewTokens, sampling.MinNewTokens, sampling.N));
        Assert.Equal((true, true, false, "a+"), (sampling.IgnoreEos, sampling.NoStopTrim, sampling.SkipSpecialTokens, sampling.Regex));
        Assert.Equal(["x"], sampling.Stop);
        Assert.Equal([9u], sampling.StopTokenIds);
        Assert.Equal(-100f, sampling.LogitBias["5"]);
    }

    [Fact]
    public void Every_constraint_has_its_words()
    {
        Assert.Equal("""{"type":"object"}""", Constrained(ConstraintKind.JsonObject).JsonSchema);
        Assert.Equal("t", Constrained(ConstraintKind.JsonSchema).JsonSchema);
        Assert.Equal("t", Constrained(ConstraintKind.Regex).Regex);
        Assert.Equal("t", Constrained(ConstraintKind.Ebnf).EbnfGrammar);
        Assert.Equal("t", Constrained(ConstraintKind.StructuralTag).StructuralTag);
    }

    [Fact]
    public void Logprobs_go_with_the_tokens_that_are_new()
    {
        var steps = new SgLangSteps(Plain with { TopLogprobs = 1, PromptLogprobsFrom = 0 });
        var chunk = new GenerateStreamChunk
        {
            TokenIds = { 5 },
            CompletionTokens = 1,
            OutputLogprobs = new OutputLogProbs { TokenLogprobs = { -0.5f }, TokenIds = { 5 }, TopLogprobs = { new TopLogProbs { Values = { -0.1f }, TokenIds = { 6 } } } },
            InputLogprobs = new InputLogProbs
            {
                TokenLogprobs = { new InputTokenLogProb(), new InputTokenLogProb { Value = -2 } },
                TokenIds = { 1, 2 },
            },
        };
        Assert.True(steps.TryRead(new GenerateResponse { Chunk = chunk }, out var first));
        Assert.Equal((5, -0.5f), (first.Logprobs![0].Token, first.Logprobs[0].Logprob));
        Assert.Equal([(6, -0.1f)], first.Logprobs[0].Top);
        Assert.Equal([(1, null), (2, -2f)], first.PromptLogprobs!.Select(static logprob => (logprob.Token, logprob.Logprob)));

        var complete = new GenerateComplete
        {
            OutputIds = { 5, 7 },
            CompletionTokens = 2,
            ReasoningTokens = 1,
            MatchedStopStr = "x",
            FinishReason = "abort",
            OutputLogprobs = new OutputLogProbs { TokenLogprobs = { -0.5f, -0.7f }, TokenIds = { 5, 7 } },
        };
        Assert.True(steps.TryRead(new GenerateResponse { Complete = complete }, out var last));
        Assert.Equal([(7, -0.7f)], last.Logprobs!.Select(static logprob => (logprob.Token, logprob.Logprob!.Value)));
        Assert.Equal((FinishReason.Abort, "x", null, 1), (last.Finish, last.MatchedStop, last.MatchedToken, last.ReasoningTokens));
        Assert.Null(last.PromptLogprobs);
    }

    [Fact]
    public void A_chunk_that_says_nothing_is_no_step() =>
        Assert.False(new SgLangSteps(Plain).TryRead(new GenerateResponse { Chunk = new GenerateStreamChunk { PromptTokens = 2 } }, out _));

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("[1]")]
    [InlineData("""{"temperature": "hot", "top_k": 1.5, "top_p": null}""")]
    public void Advertised_defaults_in_another_form_count_as_not_said(string json) => Assert.Equal(SamplingDefaults.None, SamplingDefaults.Parse(json));

    private static SamplingParams Constrained(ConstraintKind kind) =>
        SgLangRequest.From(Plain with { Constraint = new OutputConstraint(kind, "t") }, SamplingDefaults.None).SamplingParams;
}
