using Gateway.Simulator.Engine;

namespace Gateway.Simulator.Api;

/// <summary>One choice of an answer.</summary>
/// <param name="Index">Which one of its generation it is.</param>
/// <param name="Place">Its index in the answer, where the choices of a batch of prompts follow each other.</param>
internal readonly record struct AnswerChoice(Generation Generation, int Index, int Place)
{
    public Answer Answer => Generation.Sequences[Index].Answer;

    /// <summary>Tokens that have appeared.</summary>
    public int Emitted => Generation.Sequences[Index].Emitted;

    /// <summary>In OpenAI's words.</summary>
    public string FinishReason => Generation.FinishReasonOf(Index);

    /// <summary>The choices of all generations in the order of the answer.</summary>
    public static IEnumerable<AnswerChoice> Of(IReadOnlyList<Generation> generations)
    {
        var place = 0;
        foreach (var generation in generations)
        {
            for (var i = 0; i < generation.Sequences.Count; i++)
                yield return new AnswerChoice(generation, i, place++);
        }
    }
}
