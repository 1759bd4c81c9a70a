using Gateway.Actors.Engines.Generation;
using Gateway.Host.Serving.Tokens.Answers;
using Gateway.Text.Detokenization;
using Gateway.Text.Tokenizers;

namespace Gateway.Host.Serving.Tokens;

/// <summary>A request that generates: how, and how its answer is to be said.</summary>
internal sealed class GenerationPlan : TokenPlan
{
    public required Tokenizer Tokenizer { get; init; }

    public required SamplingSettings Sampling { get; init; }

    /// <summary>Texts that end a choice.</summary>
    public required StopSequences Stops { get; init; }

    public OutputConstraint? Constraint { get; init; }

    public bool Stream { get; init; }

    /// <summary>Null for no log-probabilities, else how many alternatives of each token.</summary>
    public int? TopLogprobs { get; init; }

    /// <summary>The first token of the prompt whose log-probability is wanted; null for none of the prompt's.</summary>
    public int? PromptLogprobsFrom { get; init; }

    /// <summary>How reasoning and calls are found in the answer; null if all of it is text.</summary>
    public OutputReading? Output { get; init; }

    /// <summary>Images of the conversation, in its order: http(s) URLs or data URLs.</summary>
    public IReadOnlyList<string> Images { get; init; } = [];

    /// <summary>Makes the writer of the answer, new for each attempt.</summary>
    public required Func<HttpResponse, IAnswerWriter> CreateWriter { get; init; }

    public int Choices => Prompts.Count * Sampling.Choices;
}
