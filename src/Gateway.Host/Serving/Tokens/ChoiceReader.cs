using Gateway.Actors.Engines.Generation;
using Gateway.Host.Serving.Tokens.Answers;
using Gateway.Text.Detokenization;

namespace Gateway.Host.Serving.Tokens;

/// <summary>Makes what a choice's tokens say out of them: text, up to a stop.</summary>
internal sealed class ChoiceReader : IDisposable
{
    private readonly int _choice;
    private readonly IAnswerWriter _writer;
    private readonly IncrementalDetokenizer _detokenizer;
    private readonly StopMatcher? _stops;

    /// <param name="choice">Its number in the whole request.</param>
    /// <param name="plan">What was asked for.</param>
    /// <param name="writer">Where it goes.</param>
    public ChoiceReader(int choice, GenerationPlan plan, IAnswerWriter writer)
    {
        _choice = choice;
        _writer = writer;
        _detokenizer = new IncrementalDetokenizer(plan.Tokenizer, plan.Sampling.SkipsSpecialTokens);
        if (!plan.Stops.IsEmpty)
            _stops = new StopMatcher(plan.Stops);
    }

    public bool HasEnded { get; private set; }

    /// <summary>Tokens of the answer so far.</summary>
    public int CompletionTokens { get; private set; }

    public int ReasoningTokens { get; private set; }

    /// <summary>Takes the next step of this choice; what comes after its end is dropped.</summary>
    public void Take(in GenerationStep step)
    {
        if (HasEnded)
            return;
        _writer.BeginStep(_choice, step);
        Read(step);
        _writer.EndStep(_choice);
    }

    public void Dispose()
    {
        _detokenizer.Dispose();
        _stops?.Dispose();
    }

    private void Read(in GenerationStep step)
    {
        CompletionTokens = step.CompletionTokens;
        ReasoningTokens = step.ReasoningTokens;
        if (step.Logprobs is { } logprobs)
            _writer.Logprobs(_choice, logprobs);
        if (TryStop(_detokenizer.Push(step.Tokens.Span)) || step.Finish == FinishReason.None)
            return;
        if (TryStop(_detokenizer.Finish()))
            return;
        if (_stops is not null)
            Say(_stops.Finish());
        End(step.Finish, step.MatchedStop, step.MatchedToken);
    }

    private bool TryStop(ReadOnlySpan<char> text)
    {
        if (_stops is null)
        {
            Say(text);
            return false;
        }

        Say(_stops.Push(text));
        if (_stops.Matched is null)
            return false;
        End(FinishReason.Stop, _stops.Matched, token: null);
        return true;
    }

    private void Say(ReadOnlySpan<char> text)
    {
        if (!text.IsEmpty)
            _writer.Content(_choice, text);
    }

    private void End(FinishReason reason, string? stop, int? token)
    {
        HasEnded = true;
        _writer.Finish(_choice, new ChoiceEnd(reason, stop, token));
    }
}
