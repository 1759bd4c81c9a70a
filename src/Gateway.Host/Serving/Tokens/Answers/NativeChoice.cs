using System.Buffers;
using Gateway.Actors.Engines.Generation;

namespace Gateway.Host.Serving.Tokens.Answers;

/// <summary>A choice of an answer in SGLang's own API as far as it has come: that is what each event of its streams has.</summary>
internal sealed class NativeChoice
{
    private readonly ArrayBufferWriter<char> _text = new();

    public ReadOnlySpan<char> Text => _text.WrittenSpan;

    public List<int> Tokens { get; } = [];

    public List<TokenLogprob> Logprobs { get; } = [];

    public IReadOnlyList<TokenLogprob> PromptLogprobs { get; private set; } = [];

    public int PromptTokens { get; private set; }

    public int CompletionTokens { get; private set; }

    public int CachedTokens { get; private set; }

    /// <summary>With <see cref="FinishReason.None"/> as long as it goes on.</summary>
    public ChoiceEnd End { get; set; }

    public void Add(in GenerationStep step)
    {
        foreach (var token in step.Tokens.Span)
            Tokens.Add(token);
        PromptLogprobs = step.PromptLogprobs ?? PromptLogprobs;
        (PromptTokens, CompletionTokens, CachedTokens) = (step.PromptTokens, step.CompletionTokens, step.CachedTokens);
    }

    public void Add(ReadOnlySpan<char> text) => _text.Write(text);
}
