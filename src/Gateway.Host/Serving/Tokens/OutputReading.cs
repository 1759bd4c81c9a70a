using System.Collections.Frozen;
using Gateway.Text.Parsers;

namespace Gateway.Host.Serving.Tokens;

/// <summary>How reasoning and calls are found in an answer.</summary>
/// <param name="Format">The model's.</param>
/// <param name="Options">What the request wants.</param>
/// <param name="Marks">Special tokens that are part of the format, and stay in the text for the parser.</param>
internal sealed record OutputReading(ChatOutputFormat Format, ChatOutputOptions Options, FrozenSet<int> Marks)
{
    /// <summary>True if the answer may begin with reasoning, which no constraint on its form is meant for.</summary>
    public bool MayReason => Format.IsHarmony || (Format.Reasoning is not null && Options.StartsInReasoning != false);
}
