using Gateway.Actors.Engines.Generation;
using Gateway.Host.Serving.Tokens.Answers;
using Gateway.Text.Detokenization;
using Gateway.Text.Parsers;

namespace Gateway.Host.Serving.Tokens;

/// <summary>Makes what a choice's tokens say out of them: text, up to a stop, and in it reasoning and tool calls.</summary>
internal sealed class ChoiceReader : IOutputSink, IDisposable
{
    private readonly int _choice;
    private readonly IAnswerWriter _writer;
    private readonly IncrementalDetokenizer _detokenizer;
    private readonly StopMatcher? _stops;
    private readonly ChatOutputParser? _parser;

    /// <param name="choice">Its number in the whole request.</param>
    /// <param name="plan">What was asked for.</param>
    /// <param name="writer">Where it goes.</param>
    public ChoiceReader(int choice, GenerationPlan plan, IAnswerWriter writer)
    {
        _choice = choice;
        _writer = writer;
        _detokenizer = new IncrementalDetokenizer(plan.Tokenizer, plan.Sampling.SkipsSpecialTokens, plan.Output?.Marks);
        if (!plan.Stops.IsEmpty)
            _stops = new StopMatcher(plan.Stops);
        if (plan.Output is { } output)
            _parser = new ChatOutputParser(output.Format, output.Options, this);
    }

    public bool HasEnded { get; private set; }

    /// <summary>Tokens of the answer so far.</summary>
    public int CompletionTokens { get; private set; }

    /// <summary>Those of them that are thinking: as the engine counts them or, if it does not, as they are found.</summary>
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

    void IOutputSink.Reasoning(ReadOnlySpan<char> text) => _writer.Reasoning(_choice, text);

    void IOutputSink.Content(ReadOnlySpan<char> text) => _writer.Content(_choice, text);

    void IOutputSink.ToolCallStarted(int index, string id, string name) => _writer.ToolCall(_choice, index, id, name);

    void IOutputSink.ToolArguments(int index, ReadOnlySpan<char> json) => _writer.ToolArguments(_choice, index, json);

    void IOutputSink.ToolCallEnded(int index, bool complete)
    {
    }

    private void Read(in GenerationStep step)
    {
        CompletionTokens = step.CompletionTokens;
        if (step.Logprobs is { } logprobs)
            _writer.Logprobs(_choice, logprobs);
        var hasStopped = _parser is null ? TryStop(_detokenizer.Push(step.Tokens.Span)) : PushOneByOne(step.Tokens.Span);
        if (step.ReasoningTokens > 0)
            ReasoningTokens = step.ReasoningTokens;
        if (hasStopped || step.Finish == FinishReason.None)
            return;
        if (TryStop(_detokenizer.Finish()))
            return;
        if (_stops is not null)
            Say(_stops.Finish());
        End(step.Finish, step.MatchedStop, step.MatchedToken);
    }

    private bool PushOneByOne(ReadOnlySpan<int> tokens)
    {
        foreach (var token in tokens)
        {
            if (TryStop(_detokenizer.Push(token)))
                return true;
            if (_parser!.IsReasoning)
                ReasoningTokens++;
        }

        return false;
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
        if (text.IsEmpty)
            return;
        if (_parser is null)
            _writer.Content(_choice, text);
        else
            _parser.Push(text);
    }

    private void End(FinishReason reason, string? stop, int? token)
    {
        HasEnded = true;
        _parser?.Finish();
        var word = AnswerJson.WordOf(reason)!;
        _writer.Finish(_choice, new ChoiceEnd(reason, _parser?.FinishReason(word) ?? word, stop, token));
    }
}
