using System.Text.Json;
using Gateway.Simulator.Engine;

namespace Gateway.Simulator.Api;

/// <summary>How one API words an answer.</summary>
internal abstract class AnswerFormat
{
    /// <summary>Writes the answer to a request that is not streamed.</summary>
    /// <param name="generations">One for each prompt.</param>
    public abstract void WriteWhole(Utf8JsonWriter json, IReadOnlyList<Generation> generations);

    /// <summary>Writes the events for the tokens <paramref name="from"/> to <paramref name="to"/> of a choice.</summary>
    /// <param name="ends">True if nothing more will come of this choice.</param>
    public abstract void WriteProgress(EventStream events, AnswerChoice choice, int from, int to, bool ends);

    /// <summary>Writes what comes after all choices and before [DONE].</summary>
    public virtual void WriteTail(EventStream events, IReadOnlyList<Generation> generations)
    {
    }
}
