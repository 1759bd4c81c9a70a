namespace Gateway.RoutingBench.Traces;

/// <summary>The five loads. Lengths are in tokens, waits are exponential.</summary>
internal static class TraceCatalog
{
    public const string MultiTurn = "multi-turn";
    public const string Random = "random";
    public const string ShortChats = "short-chats";

    private static readonly int[][] _systemPrompts = [.. Enumerable.Range(0, 12).Select(app => Dice.Of(app, 1).Tokens(1500 + (app * 250)))];
    private static readonly int[][] _toolPrompts = [.. Enumerable.Range(0, 4).Select(kind => Dice.Of(kind, 2).Tokens(2000))];

    public static IReadOnlyList<Trace> All { get; } =
    [
        new(MultiTurn, "chats of 3 to 8 turns, 500 to 2,000 tokens first, then 50 to 300 and all that was said, 4 s to think", Chat),
        new("shared-system", "single questions of 50 to 300 tokens behind one of 12 system prompts of 1,500 to 4,250, 1/k as popular as the first", SharedSystem),
        new("agent", "tasks of 10 to 25 calls 0.3 s apart: 2,000 tokens of tools (4 kinds), 500 to 2,000 of task, 100 to 600 more with each call", Agent),
        new("long-documents", "documents of 8,000 to 32,000 tokens, 1 to 4 questions on each, 6 s to think", LongDocuments),
        new(Random, "single prompts of 200 to 4,000 tokens, nothing in common", Unrelated),
    ];

    /// <summary>With sessions that are over when the second call is answered: what a gateway does not hear of at once, it never needs.</summary>
    public static IReadOnlyList<Trace> ForGateways { get; } =
    [
        .. All,
        new(ShortChats, "chats of 2 turns, 500 to 2,000 tokens first, then 50 to 300, 1 s to think", static dice => Chat(dice, 2, 1)),
    ];

    private static IEnumerable<Call> Chat(Dice dice) => Chat(dice, dice.Between(3, 8), 4);

    private static IEnumerable<Call> Chat(Dice dice, int turns, double secondsToThink)
    {
        var conversation = new Conversation(dice, []);
        for (var turn = 0; turn < turns; turn++)
        {
            yield return turn == 0
                ? conversation.Continue(TimeSpan.Zero, dice.Between(500, 2000), dice.Between(100, 300))
                : conversation.Continue(dice.Exponential(secondsToThink), dice.Between(50, 300), dice.Between(100, 300));
        }
    }

    private static IEnumerable<Call> SharedSystem(Dice dice)
    {
        var conversation = new Conversation(dice, _systemPrompts[dice.Zipf(_systemPrompts.Length)]);
        yield return conversation.Continue(TimeSpan.Zero, dice.Between(50, 300), dice.Between(50, 200));
    }

    private static IEnumerable<Call> Agent(Dice dice)
    {
        var conversation = new Conversation(dice, _toolPrompts[dice.Between(0, _toolPrompts.Length - 1)]);
        var calls = dice.Between(10, 25);
        for (var call = 0; call < calls; call++)
        {
            yield return call == 0
                ? conversation.Continue(TimeSpan.Zero, dice.Between(500, 2000), dice.Between(20, 80))
                : conversation.Continue(dice.Exponential(0.3), dice.Between(100, 600), dice.Between(20, 80));
        }
    }

    private static IEnumerable<Call> LongDocuments(Dice dice)
    {
        var conversation = new Conversation(dice, []);
        var questions = dice.Between(1, 4);
        for (var question = 0; question < questions; question++)
        {
            yield return question == 0
                ? conversation.Continue(TimeSpan.Zero, dice.Between(8000, 32_000), dice.Between(100, 400))
                : conversation.Continue(dice.Exponential(6), dice.Between(30, 100), dice.Between(100, 400));
        }
    }

    private static IEnumerable<Call> Unrelated(Dice dice)
    {
        yield return new Conversation(dice, []).Continue(TimeSpan.Zero, dice.Between(200, 4000), dice.Between(50, 300));
    }
}
