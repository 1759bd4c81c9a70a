using Gateway.Actors.Workers;

namespace Gateway.Actors.Routing;

/// <summary>Why a worker was picked. Filled by the policy if a request brings one along; nobody pays for it otherwise.</summary>
public sealed class RouteExplanation
{
    private readonly List<RouteCandidate> _candidates = [];

    /// <summary>True if nobody wants to know of the <see cref="Candidates"/>: such a one can be used again and again, and costs nearly nothing.</summary>
    public bool IsBrief { get; init; }

    /// <summary>The rule that decided, in a word or two; null if the policy explains nothing.</summary>
    public string? Rule { get; set; }

    public long PromptBytes { get; set; }

    /// <summary>Bytes of the prompt that the picked worker is thought to have in its cache.</summary>
    public long MatchedBytes { get; set; }

    /// <summary>0 to 1.</summary>
    public double MatchedShare => PromptBytes == 0 ? 0 : (double)MatchedBytes / PromptBytes;

    /// <summary>The workers that were weighed, in the order they were looked at, as they were then.</summary>
    public IReadOnlyList<RouteCandidate> Candidates => _candidates;

    public void Add(RouteCandidate candidate)
    {
        if (!IsBrief)
            _candidates.Add(candidate);
    }

    /// <summary>Forgets all, for the next pick of the same request.</summary>
    public void Clear()
    {
        _candidates.Clear();
        (Rule, PromptBytes, MatchedBytes) = (null, 0, 0);
    }
}

/// <summary>A worker as a policy weighed it.</summary>
/// <param name="Worker">The incarnation.</param>
/// <param name="MatchedBytes">Of the prompt, thought to be in its cache.</param>
/// <param name="Running">Requests in flight on it.</param>
/// <param name="PendingPromptBytes">Prompts in flight on it that are not known to be prefilled.</param>
/// <param name="Cost">The least is picked.</param>
public readonly record struct RouteCandidate(Worker Worker, long MatchedBytes, int Running, long PendingPromptBytes, double Cost);
