using Gateway.Simulator.Api;
using Gateway.Simulator.Engine;

namespace Gateway.Simulator.Grpc;

/// <summary>Makes up answers in token ids: those of the script if there is one, else filler text.</summary>
internal static class TokenAnswers
{
    public static Answer[] Of(SimulatorOptions options, TokenRequest request)
    {
        var room = RequestFields.GetRoom(options, request.Prompt.Length);
        var hash = BlockHashes.OfAll(request.Prompt, options.Seed + request.Seed);
        return [.. Enumerable.Range(0, request.Choices).Select(choice => Write(options, request, hash + (ulong)choice, room))];
    }

    /// <summary>Tokens of a text, as the model's tokenizer makes them or, without one, made up.</summary>
    public static int[] Encode(SimulatorOptions options, string text) =>
        options.Tokenizer?.Invoke(text) ?? [.. SimulatedTokenizer.Encode(text).Select(token => MadeUp(token, options))];

    private static Answer Write(SimulatorOptions options, TokenRequest request, ulong seed, int room)
    {
        var limits = request.Limits;
        var isScripted = options.Script is not null;
        var (most, reason) = isScripted
            ? (Math.Min(limits.MaxTokens ?? int.MaxValue, room), "stop")
            : AnswerWriter.LengthOf(seed, limits, room, options.AnswerTokens);
        var tokens = new List<int>();
        var text = "";
        string? matched = null;
        foreach (var piece in Pieces(options, seed))
        {
            tokens.AddRange(piece.Tokens ?? Encode(options, piece.Text));
            if (limits.Stop.Count > 0)
                matched = Stopped(text += piece.Text, limits.Stop);
            if (matched is not null || tokens.Count > most || (!isScripted && tokens.Count >= most))
                break;
        }

        var isCut = tokens.Count > most;
        int[] said = [.. tokens.Take(most)];
        if (isCut && isScripted)
            reason = "length";
        if (isCut || matched is null)
            matched = null;
        else
            reason = "stop";
        return EndAtToken(options, request, new Answer
        {
            Tokens = said,
            Pieces = NoText(said.Length),
            FinishReason = reason,
            MatchedStop = matched,
            MatchedToken = matched is null && reason == "stop" ? options.EndOfTextToken : null,
        });
    }

    private static IEnumerable<(string Text, int[]? Tokens)> Pieces(SimulatorOptions options, ulong seed) =>
        options.Script?.Pieces ?? FillerText.Words(seed).Select(static word => (word, (int[]?)null));

    private static Answer EndAtToken(SimulatorOptions options, TokenRequest request, Answer answer)
    {
        var at = Array.FindIndex(answer.Tokens, token =>
            request.StopTokens.Contains(token) || (token == options.EndOfTextToken && !request.Limits.IgnoreEos));
        return at < 0
            ? answer
            : answer with
            {
                Tokens = answer.Tokens[..(at + 1)],
                Pieces = NoText(at + 1),
                FinishReason = "stop",
                MatchedStop = null,
                MatchedToken = answer.Tokens[at],
            };
    }

    private static string? Stopped(string text, IReadOnlyList<string> stops) =>
        stops.Where(stop => text.Contains(stop, StringComparison.Ordinal)).MinBy(stop => text.IndexOf(stop, StringComparison.Ordinal));

    private static int MadeUp(int token, SimulatorOptions options)
    {
        var id = (int)(FillerText.Next((uint)token) % (ulong)options.VocabularySize);
        return id == options.EndOfTextToken ? (id + 1) % options.VocabularySize : id;
    }

    private static string[] NoText(int tokens)
    {
        var pieces = new string[tokens];
        Array.Fill(pieces, "");
        return pieces;
    }
}
