namespace Gateway.Simulator.Engine;

/// <summary>Makes up answers: the same prompt, seed and limits give the same answer.</summary>
internal static class AnswerWriter
{
    /// <summary>Answers in words, one for each choice.</summary>
    public static Answer[] Texts(SimulatorOptions options, int[] prompt, int seed, AnswerLimits limits, int room, int choices)
    {
        var hash = BlockHashes.OfAll(prompt, options.Seed + seed);
        return [.. Enumerable.Range(0, choices).Select(choice => Text(hash + (ulong)choice, limits, room, options.AnswerTokens))];
    }

    /// <summary>An answer in words.</summary>
    /// <param name="room">Tokens that still fit the context; at least 1.</param>
    /// <param name="seed">From <see cref="BlockHashes.OfAll"/>, mixed with the index of the choice.</param>
    public static Answer Text(ulong seed, AnswerLimits limits, int room, (int Min, int Max) usualLength)
    {
        var (length, reason) = LengthOf(seed, limits, room, usualLength);
        var tokens = FillerText.Tokens(seed, length);
        var answer = new Answer
        {
            Tokens = tokens,
            Pieces = [.. tokens.Select(SimulatedTokenizer.Decode)],
            FinishReason = reason,
        };
        return limits.Stop.Count == 0 ? answer : CutAtStop(answer, limits.Stop);
    }

    /// <summary>How many tokens an answer in words has, and why it ends then.</summary>
    public static (int Tokens, string FinishReason) LengthOf(ulong seed, AnswerLimits limits, int room, (int Min, int Max) usualLength)
    {
        var most = Math.Min(limits.MaxTokens ?? int.MaxValue, room);
        var usual = usualLength.Min + (int)(FillerText.Next(seed) % (ulong)(usualLength.Max - usualLength.Min + 1));
        var full = limits.IgnoreEos ? limits.MaxTokens is null ? usualLength.Max : most : usual;
        var length = Math.Min(full, most);
        return (length, full > most || (limits.IgnoreEos && length == most) ? "length" : "stop");
    }

    /// <summary>A fixed text, such as JSON that was asked for.</summary>
    public static Answer Fixed(string text, int most, string finishReason = "stop")
    {
        var tokens = SimulatedTokenizer.Encode(text);
        var cut = tokens.Length > most;
        tokens = cut ? tokens[..most] : tokens;
        return new Answer
        {
            Tokens = tokens,
            Pieces = [.. tokens.Select(SimulatedTokenizer.Decode)],
            FinishReason = cut ? "length" : finishReason,
        };
    }

    private static Answer CutAtStop(Answer answer, IReadOnlyList<string> stops)
    {
        var text = answer.TextUpTo(answer.Pieces.Length);
        var (at, stop) = (text.Length, (string?)null);
        foreach (var candidate in stops)
        {
            var found = text.IndexOf(candidate, StringComparison.Ordinal);
            if (found >= 0 && found < at)
                (at, stop) = (found, candidate);
        }

        if (stop is null)
            return answer;

        // The engine notices a stop sequence with the token that completes it; what of it came before is not shown.
        var pieces = new List<string>();
        for (int i = 0, begin = 0; begin < at + stop.Length; begin += answer.Pieces[i++].Length)
            pieces.Add(answer.Pieces[i][..Math.Clamp(at - begin, 0, answer.Pieces[i].Length)]);
        return answer with
        {
            Tokens = answer.Tokens[..pieces.Count],
            Pieces = [.. pieces],
            FinishReason = "stop",
            MatchedStop = stop,
        };
    }
}
