namespace Gateway.Actors.Cluster;

/// <summary>
/// What a gateway that is in no cluster does next, from what the others have answered. An existing cluster is always joined. A new one is
/// begun by the gateway with the lowest address of those that found each other, once enough have and nothing has changed for a while, so
/// that gateways which start together do not begin several; clusters that have once begun never merge.
/// </summary>
/// <param name="Self">This gateway's address.</param>
/// <param name="Quorum">Gateways that must have found each other, this one included.</param>
internal sealed record BootstrapDecision(string Self, int Quorum)
{
    /// <summary>For so long the same gateways must have been found.</summary>
    public static readonly TimeSpan StableMargin = TimeSpan.FromSeconds(3);

    /// <summary>An answer counts for so long.</summary>
    public static readonly TimeSpan AnswerLifetime = TimeSpan.FromSeconds(4);

    /// <summary>The members of the cluster to join; this gateway alone begins one; empty waits.</summary>
    /// <param name="answers">The last answer of each other gateway, by its address, with its age.</param>
    /// <param name="stable">How long the same gateways have been answering.</param>
    public IReadOnlyList<string> Decide(IReadOnlyDictionary<string, (IReadOnlyList<string> Members, TimeSpan Age)> answers, TimeSpan stable)
    {
        var fresh = answers.Where(static answer => answer.Value.Age <= AnswerLifetime).ToArray();
        string[] members = [.. fresh.SelectMany(static answer => answer.Value.Members)
            .Where(address => address != Self)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)];
        if (members.Length > 0)
            return members;
        return fresh.Length + 1 >= Quorum
            && stable >= StableMargin
            && fresh.All(answer => string.CompareOrdinal(Self, answer.Key) < 0)
            ? [Self]
            : [];
    }
}
