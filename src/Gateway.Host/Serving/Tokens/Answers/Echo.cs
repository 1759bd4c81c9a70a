using Gateway.Actors.Engines.Generation;

namespace Gateway.Host.Serving.Tokens.Answers;

/// <summary>The prompts of a completion that is to begin with them.</summary>
/// <param name="prompts">Their texts.</param>
/// <param name="choicesEach">Choices of each prompt.</param>
internal sealed class Echo(IReadOnlyList<string> prompts, int choicesEach)
{
    private readonly bool[] _isSaid = new bool[prompts.Count * choicesEach];

    /// <summary>Says the prompt, if this is the first step of its choice.</summary>
    /// <param name="writer">Says it.</param>
    /// <param name="choice">Whose step it is.</param>
    /// <param name="step">It may bring the prompt's log-probabilities; those that an engine tells only at the end come too late.</param>
    /// <returns>True if it was said.</returns>
    public bool Begin(IAnswerWriter writer, int choice, in GenerationStep step)
    {
        if (_isSaid[choice])
            return false;
        _isSaid[choice] = true;
        if (step.PromptLogprobs is { } logprobs)
            writer.Logprobs(choice, logprobs);
        writer.Content(choice, TextOf(choice));
        return true;
    }

    public string TextOf(int choice) => prompts[choice / choicesEach];
}
