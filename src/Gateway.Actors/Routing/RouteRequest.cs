using System.Runtime.CompilerServices;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Routing;

/// <summary>What a policy may know of a request.</summary>
/// <param name="prompt">See <see cref="Prompt"/>.</param>
/// <param name="hints">See <see cref="Hints"/>.</param>
/// <param name="tried">The workers it is not to be sent to.</param>
/// <param name="prefillBytes">
/// Where a policy that knows better than the prompt's length puts the bytes of it that the picked worker will have to prefill.
/// </param>
/// <param name="ignoreBreakers">True in panic, see <see cref="PanicMode"/>.</param>
public readonly ref struct RouteRequest(
    ReadOnlySpan<byte> prompt, RouteHints hints, ref readonly TriedWorkers tried, ref long prefillBytes, bool ignoreBreakers = false)
{
    private readonly ref readonly TriedWorkers _tried = ref tried;
    private readonly ref long _prefillBytes = ref prefillBytes;

    public RouteRequest(ReadOnlySpan<byte> prompt, RouteHints hints, ref readonly TriedWorkers tried, bool ignoreBreakers = false)
        : this(prompt, hints, in tried, ref Unsafe.NullRef<long>(), ignoreBreakers)
    {
    }

    /// <summary>
    /// What the engine will prefill, as it stands in the body: the JSON of <c>messages</c>, <c>prompt</c>, <c>text</c> or <c>input</c>.
    /// For engines that take tokens: the token ids, little-endian and of four bytes. Empty for a request without one.
    /// </summary>
    public ReadOnlySpan<byte> Prompt { get; } = prompt;

    public RouteHints Hints { get; } = hints;

    /// <summary>Where the policy says why; null, as for nearly all requests, if nobody wants to know.</summary>
    public RouteExplanation? Explanation { get; init; }

    /// <summary>The one rule of eligibility: takes requests, its breaker allows it, and this request is not to avoid it.</summary>
    public bool IsEligible(Worker worker)
    {
        ArgumentNullException.ThrowIfNull(worker);
        return !worker.IsClosed && (ignoreBreakers || worker.Breaker.Allows) && !_tried.Contains(worker.Id);
    }

    /// <summary>Called by a policy that knows what the worker it has picked has in its cache.</summary>
    /// <param name="prefillBytes">Of the prompt, left to be prefilled.</param>
    /// <param name="matchedBytes">Of the prompt, thought to be cached.</param>
    /// <param name="rule">See <see cref="RouteExplanation.Rule"/>.</param>
    internal void Expect(long prefillBytes, long matchedBytes, string rule)
    {
        if (!Unsafe.IsNullRef(ref _prefillBytes))
            _prefillBytes = prefillBytes;
        if (Explanation is { } explanation)
            (explanation.Rule, explanation.PromptBytes, explanation.MatchedBytes) = (rule, prefillBytes + matchedBytes, matchedBytes);
    }
}
