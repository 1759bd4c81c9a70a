using Gateway.Actors.Workers;

namespace Gateway.Host.Serving.Tokens.Texts;

/// <summary>Gets a model's tokenizer from the workers that serve it.</summary>
internal interface ITokenizerFetcher
{
    /// <summary>Asks one after the other until one gives it. Failures are results.</summary>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    Task<FetchResult> FetchAsync(IReadOnlyList<Worker> workers, CancellationToken cancellation);
}
