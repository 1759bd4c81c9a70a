namespace Gateway.Actors.Workers;

/// <summary>A model a worker serves, with the other names by which clients may ask for it.</summary>
/// <param name="Id">The canonical id, as the engine knows it; <see cref="Wildcard"/> serves any model.</param>
/// <param name="Aliases">Other names. The gateway sends the canonical id to the engine.</param>
/// <param name="MaxModelLength">Context length in tokens, when the engine tells it.</param>
public sealed record ModelCard(string Id, EquatableArray<string> Aliases = default, int? MaxModelLength = null)
{
    /// <summary>The id of a card that stands for every model.</summary>
    public const string Wildcard = "*";

    public bool IsWildcard => Id == Wildcard;
}
