namespace Gateway.Actors.Engines.Generation;

/// <summary>
/// A generation that runs on an engine. Dispose of it in any case: before its end that aborts it there, in the background; nobody waits
/// for the abort, and its failure is nobody's.
/// </summary>
public interface IGeneration : IAsyncDisposable
{
    /// <summary>What came last; valid until the next <see cref="ReadAsync"/>.</summary>
    GenerationStep Current { get; }

    /// <summary>Waits for the next step.</summary>
    /// <returns>False at the clean end, which is after each choice has finished.</returns>
    /// <exception cref="EngineException">The engine refused or failed, the connection broke, or the deadline has passed.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    ValueTask<bool> ReadAsync(CancellationToken cancellation);
}
