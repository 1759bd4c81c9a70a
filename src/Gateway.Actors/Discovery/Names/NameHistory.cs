using Gateway.Actors.Workers;

namespace Gateway.Actors.Discovery.Names;

/// <summary>What the answers about one name come to. Failures are no answers, and change nothing here. Immutable.</summary>
/// <param name="Latest">Workers of the last answer.</param>
/// <param name="Previous">Workers of the one before: one answer without an address is not believed.</param>
/// <param name="Answers">How many there were, counted up to two.</param>
internal sealed record NameHistory(EquatableArray<WorkerSpec> Latest, EquatableArray<WorkerSpec> Previous, int Answers)
{
    public static NameHistory Empty { get; } = new([], [], 0);

    /// <summary>True as soon as it tells not only what there is, but also what there is no more.</summary>
    public bool IsComplete => Answers >= 2;

    public NameHistory After(IEnumerable<WorkerSpec> workers) => new([.. workers], Latest, Math.Min(Answers + 1, 2));
}
