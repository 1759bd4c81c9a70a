using Gateway.Actors.Engines.Generation;

namespace Gateway.Host.Serving.Tokens.Answers;

/// <summary>
/// Says in one endpoint's format what was generated. Choices are numbered over the whole request: of a batch the second prompt's come
/// after the first's. What is written goes into the response's pipe, or is kept for the end if the answer does not stream.
/// </summary>
internal interface IAnswerWriter : IDisposable
{
    /// <summary>Bytes in the response's pipe since the last call.</summary>
    int TakeWritten();

    /// <summary>The next step of a choice; what is said of it comes before <see cref="EndStep"/>.</summary>
    void BeginStep(int choice, in GenerationStep step)
    {
    }

    /// <summary>All is said of a step.</summary>
    void EndStep(int choice)
    {
    }

    /// <summary>The next text of a choice's answer.</summary>
    void Content(int choice, ReadOnlySpan<char> text);

    /// <summary>The next text of a choice's reasoning; content where the format has no place of its own for it.</summary>
    void Reasoning(int choice, ReadOnlySpan<char> text) => Content(choice, text);

    /// <summary>A tool call begins. Only in formats that know calls.</summary>
    /// <param name="call">0 for the first of a choice.</param>
    void ToolCall(int choice, int call, string id, string name) => throw new NotSupportedException();

    /// <summary>The next piece of a tool call's arguments, which are JSON.</summary>
    void ToolArguments(int choice, int call, ReadOnlySpan<char> json) => throw new NotSupportedException();

    /// <summary>The log-probabilities of the tokens whose text comes next, or was just held back.</summary>
    void Logprobs(int choice, IReadOnlyList<TokenLogprob> tokens);

    /// <summary>A choice is complete.</summary>
    void Finish(int choice, in ChoiceEnd end);

    /// <summary>Everything is complete.</summary>
    void Complete(in Usage usage);
}

/// <summary>How a choice ended.</summary>
/// <param name="Reason">By the engine, or by the gateway that found a stop text.</param>
/// <param name="Word">OpenAI's for it, which is another if there are tool calls; null while it goes on.</param>
/// <param name="MatchedStop">The stop text, if it was one.</param>
/// <param name="MatchedToken">The stop token, if it was one.</param>
internal readonly record struct ChoiceEnd(FinishReason Reason, string? Word, string? MatchedStop, int? MatchedToken);
