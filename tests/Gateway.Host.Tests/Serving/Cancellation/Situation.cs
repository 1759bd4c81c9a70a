using Gateway.Host.Configuration;

namespace Gateway.Host.Tests.Serving.Cancellation;

/// <summary>What a request meets on its way; all situations together lead through every room of the request path.</summary>
/// <param name="Workers">How many the model has.</param>
/// <param name="Script">What the engines do, one request after the other.</param>
internal sealed record Situation(int Workers, params IReadOnlyList<Reply> Script)
{
    public static readonly TimeSpan QueueTimeout = TimeSpan.FromSeconds(61);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(7);
    private static readonly TimeSpan HedgeAfter = TimeSpan.FromMilliseconds(5);

    private static readonly string Burst = string.Concat(Enumerable.Repeat($"data: {new string('x', 1000)}\n\n", 20));
    private static readonly Reply Serves = ScriptedEngine.Answers(200, """{"object":"chat.completion"}""");
    private static readonly Reply Refuses = ScriptedEngine.Answers(503, """{"error":{"code":503}}""");

    /// <summary>Those in which nothing is wrong with the engines: a client that leaves must not make it look so.</summary>
    public static IReadOnlyDictionary<string, Situation> Sound { get; } = new Dictionary<string, Situation>
    {
        ["a whole answer"] = new(1, Serves),
        ["a stream"] = new(1, ScriptedEngine.Streams(breaks: false, "data: 1\n\nda", "ta: 2\n\n", "data: [DONE]\n\n")) { Streams = true },
        ["a stream in bursts"] = new(1, ScriptedEngine.Streams(breaks: false, Burst, Burst, Burst, "data: [DONE]\n\n")) { Streams = true },
        ["an answer before the request was read"] = new(1, ScriptedEngine.AnswersEarly("""{"object":"chat.completion"}""")),
        ["a queue"] = new(1, Serves) { Waits = true },
        ["no worker"] = new(0) { Status = 503 },
        ["a hedge that wins"] = new(2, ScriptedEngine.Hangs, Serves) { Hedges = true },
        ["a hedge that loses"] = new(2, ScriptedEngine.OnceNextIsAsked(Serves), ScriptedEngine.Hangs) { Hedges = true },
    };

    public static IReadOnlyDictionary<string, Situation> Failing { get; } = new Dictionary<string, Situation>
    {
        ["a broken connection, then another worker"] = new(2, ScriptedEngine.Breaks, Serves),
        ["an error, then another worker"] = new(2, Refuses, Serves),
        ["an error, a pause, then the same worker"] = new(1, Refuses, Serves),
        ["errors until the attempts are used up"] = new(1, Refuses, Refuses, Refuses) { Status = 503 },
        ["broken connections everywhere"] = new(2, ScriptedEngine.Breaks, ScriptedEngine.Breaks) { Status = 502 },
        ["a stream that breaks"] = new(1, ScriptedEngine.Streams(breaks: true, "data: 1\n\n")) { Streams = true },
        ["a hedge that fails like the first attempt"] = new(3, ScriptedEngine.OnceNextHasAnswered(Refuses), Refuses, Serves) { Hedges = true },
        ["a hedge that fails, and the first attempt serves"] = new(2, ScriptedEngine.OnceNextHasAnswered(Serves), Refuses) { Hedges = true },
    };

    /// <summary>Of the answer to a client that stays.</summary>
    public int Status { get; init; } = 200;

    /// <summary>True if the only place in the gateway is taken when the request comes.</summary>
    public bool Waits { get; init; }

    public bool Streams { get; init; }

    private bool Hedges { get; init; }

    /// <summary>The timers that ring, by their span.</summary>
    public static IReadOnlyDictionary<TimeSpan, string> Timers { get; } = new Dictionary<TimeSpan, string>
    {
        [Pause] = "pause",
        [HedgeAfter] = "hedge",
        [QueueTimeout] = "queue",
    };

    public GatewayOptions Configure(GatewayOptions options) => options with
    {
        Retry = new RetryOptions
        {
            MaxAttempts = 3,
            InitialBackoff = Pause,
            BackoffMultiplier = 1,
            JitterFactor = 0,
            BudgetRatio = 1,
            BudgetMinPerSecond = 1000,
            HedgeAfter = Hedges ? HedgeAfter : TimeSpan.Zero,
        },
    };
}
