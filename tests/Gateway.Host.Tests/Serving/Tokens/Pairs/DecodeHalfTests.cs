using Gateway.Actors.Engines.Generation;
using Gateway.Host.Serving.Pairs;
using Gateway.Host.Serving.Tokens.Pairs;

namespace Gateway.Host.Tests.Serving.Tokens.Pairs;

/// <summary>The client's side of a pair that takes tokens, without engines.</summary>
public sealed class DecodeHalfTests : IDisposable
{
    private static readonly TokenLogprob[] OfPrompt = [new(7, -0.5f, [])];

    private readonly TaskCompletionSource<PrefillAnswer> _prefill = new();
    private readonly PairFate _fate = new(CancellationToken.None);
    private readonly Script _decode = new(
        new GenerationStep { Tokens = new[] { 1 }, CachedTokens = 90 },
        new GenerationStep { Tokens = new[] { 2 }, CachedTokens = 90, Finish = FinishReason.Stop });

    private readonly List<GenerationRequest> _asked = [];

    public void Dispose() => _fate.Dispose();

    [Fact]
    public async Task The_first_step_brings_the_prompts_log_probabilities_which_the_prefill_half_has()
    {
        await using var half = Half(isSequential: false, promptLogprobsFrom: 0);

        var first = half.ReadAsync(CancellationToken.None).AsTask();
        Assert.False(first.IsCompleted);
        _prefill.SetResult(new PrefillAnswer(3, OfPrompt, null));

        Assert.True(await first);
        Assert.Equal((OfPrompt, 3), (half.Current.PromptLogprobs, half.Current.CachedTokens));
        Assert.True(await half.ReadAsync(CancellationToken.None));
        Assert.Null(half.Current.PromptLogprobs);
    }

    [Fact]
    public async Task Steps_do_not_wait_for_the_prefill_half_and_figures_of_the_cache_are_the_decode_halfs_until_it_has_told()
    {
        await using var half = Half(isSequential: false);

        Assert.True(await half.ReadAsync(CancellationToken.None));
        Assert.Equal(90, half.Current.CachedTokens);
        var last = half.ReadAsync(CancellationToken.None).AsTask();
        _prefill.SetResult(new PrefillAnswer(3, null, null));
        Assert.True(await last);

        Assert.Equal(3, half.Current.CachedTokens);
        Assert.False(await half.ReadAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_sequential_decode_is_asked_with_what_the_prefill_half_told()
    {
        await using var half = Half(isSequential: true);

        var first = half.ReadAsync(CancellationToken.None).AsTask();
        Assert.Empty(_asked);
        _prefill.SetResult(new PrefillAnswer(3, null, "{}"));

        Assert.True(await first);
        Assert.Equal("{}", Assert.Single(_asked).KvTransferJson);
    }

    [Fact]
    public async Task A_sequential_decode_whose_prefill_is_lost_is_not_asked()
    {
        await using var half = Half(isSequential: true);
        _prefill.SetException(new EngineException(EngineFault.Unreachable, "gone"));

        await Assert.ThrowsAsync<PrefillLostException>(() => half.ReadAsync(CancellationToken.None).AsTask());
        Assert.Empty(_asked);
    }

    [Fact]
    public async Task A_first_step_after_the_prefill_half_has_failed_is_not_taken()
    {
        await using var half = Half(isSequential: false);
        _fate.FailPrefill();

        await Assert.ThrowsAsync<PrefillLostException>(() => half.ReadAsync(CancellationToken.None).AsTask());
    }

    [Fact]
    public async Task An_engine_that_gives_up_before_its_first_token_has_failed()
    {
        await using var half = Half(isSequential: false, decode: new Script(new GenerationStep { Finish = FinishReason.Abort }));

        var failure = await Assert.ThrowsAsync<EngineException>(() => half.ReadAsync(CancellationToken.None).AsTask());

        Assert.Equal(EngineFault.Failed, failure.Fault);
    }

    [Fact]
    public async Task Who_disposes_of_it_while_it_waits_for_the_prefill_half_waits_no_longer()
    {
        var half = Half(isSequential: true);
        var first = half.ReadAsync(CancellationToken.None).AsTask();

        await half.DisposeAsync();

        await Assert.ThrowsAsync<PrefillLostException>(() => first);
        Assert.Empty(_asked);
    }

    private DecodeHalf Half(bool isSequential, int? promptLogprobsFrom = null, IGeneration? decode = null)
    {
        var request = new GenerationRequest { RequestId = "mg-1", PromptTokens = new[] { 1 } };
        return new DecodeHalf(
            new PairedRequest(request with { PromptLogprobsFrom = promptLogprobsFrom }, request, isSequential),
            _prefill.Task,
            (asked, _) =>
            {
                _asked.Add(asked);
                return decode ?? _decode;
            },
            _fate,
            TimeProvider.System);
    }

    private sealed class Script(params GenerationStep[] steps) : IGeneration
    {
        private int _next;

        public GenerationStep Current => steps[_next - 1];

        public ValueTask<bool> ReadAsync(CancellationToken cancellation) => new(_next < steps.Length && ++_next > 0);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
