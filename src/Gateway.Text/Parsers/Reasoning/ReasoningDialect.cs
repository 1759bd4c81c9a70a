using Gateway.Text.Parsers.Scanning;

namespace Gateway.Text.Parsers.Reasoning;

/// <summary>How a family of models marks its thinking.</summary>
public sealed class ReasoningDialect
{
    internal ReasoningDialect(string name, string start, string end)
    {
        Name = name;
        Start = start;
        End = end;
    }

    /// <summary>As it is chosen by flag.</summary>
    public string Name { get; }

    internal string Start { get; }

    internal string End { get; }

    /// <summary>Whether the answer begins inside the thinking, for the prompt ended with the start marker. A prompt that tells is believed.</summary>
    internal bool StartsInReasoning { get; init; }

    /// <summary>Markers that end the thinking and belong to what follows it, for models that call a tool without closing.</summary>
    internal IReadOnlyList<string> EndsBefore { get; init; } = [];

    /// <summary>Markers around the answer, which are dropped.</summary>
    internal IReadOnlyList<string> AroundContent { get; init; } = [];

    /// <summary>All of them.</summary>
    internal IReadOnlyList<string> Markers => field ??= [Start, End, .. EndsBefore, .. AroundContent];

    // Made once for all requests.
    internal MarkerSet StartMarker => field ??= new(Start);

    internal MarkerSet StartMarkers => field ??= new([Start, .. AroundContent]);

    internal MarkerSet EndMarkers => field ??= new([End, .. EndsBefore]);

    internal MarkerSet? ContentMarkers => field ??= AroundContent.Count == 0 ? null : new(AroundContent);

    /// <summary>
    /// What a rendered prompt says of where the answer begins: inside the thinking if it ends with the start marker, outside if it ends with
    /// the end marker, as templates write an empty thinking to switch it off.
    /// </summary>
    /// <param name="prompt">The prompt, or its last part.</param>
    /// <returns>Null if it does not say.</returns>
    public bool? StartsInReasoningAfter(ReadOnlySpan<char> prompt)
    {
        var tail = Space.TrimEnd(prompt);
        if (tail.EndsWith(Start, StringComparison.Ordinal))
            return true;
        return tail.EndsWith(End, StringComparison.Ordinal) ? false : null;
    }

    /// <summary>Whether a text that is to be continued ends within its thinking.</summary>
    /// <param name="prompt">A prompt whose last message is continued.</param>
    public bool IsWithinReasoning(ReadOnlySpan<char> prompt)
    {
        var start = prompt.LastIndexOf(Start);
        return start >= 0 && prompt[start..].IndexOf(End) < 0;
    }
}
