using System.Collections.Concurrent;
using Gateway.Actors.Engines;
using Gateway.Actors.Engines.Generation;
using Gateway.Actors.Workers;
using Gateway.Host.Configuration;
using Gateway.Host.Serving.Tokens.Planning;

namespace Gateway.Host.Serving.Tokens.Texts;

/// <summary>
/// Downloads tokenizers over the workers' own connections, and reads them on threads of its own: a large vocabulary takes a second, which
/// neither requests nor actors may wait for. Models with the same files share what was read.
/// </summary>
internal sealed class TokenizerFetcher(DownloadFolder folder) : ITokenizerFetcher, IDisposable
{
    /// <summary>For one download. The largest of today's are below 50 MB.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    /// <summary>By folder. A tokenizer that no model has any more is forgotten.</summary>
    private readonly ConcurrentDictionary<string, WeakReference<TextFiles>> _read = new(StringComparer.Ordinal);

    /// <summary>One that hangs shall not keep the others waiting; many at once would only be in each other's way.</summary>
    private readonly SemaphoreSlim _places = new(4);

    public async Task<FetchResult> FetchAsync(IReadOnlyList<Worker> workers, CancellationToken cancellation)
    {
        await _places.WaitAsync(cancellation);
        try
        {
            var reasons = new List<string>();
            var isRefused = true;
            foreach (var worker in workers)
            {
                if (worker.Client is not GrpcEngineClient client)
                    continue;
                try
                {
                    var source = await client.GetTokenizerAsync(folder.Path, Timeout, cancellation);
                    return new FetchResult(await ReadAsync(source), source, worker.Spec.Url.Text);
                }
                catch (Exception failure) when (!cancellation.IsCancellationRequested && failure is not OutOfMemoryException)
                {
                    // What an engine sends may be broken in any way, and break the reading of it in any way.
                    reasons.Add($"{worker.Spec.Url.Text}: {failure.Message.ReplaceLineEndings(" ")}");
                    isRefused &= IsFinal(failure);
                }
            }

            return new FetchResult(null, null, string.Join("; ", reasons), isRefused && reasons.Count > 0);
        }
        finally
        {
            _places.Release();
        }
    }

    public void Dispose() => _places.Dispose();

    /// <summary>A disk that is full is not the engine's word, nor is a connection that breaks.</summary>
    private static bool IsFinal(Exception failure) => failure switch
    {
        EngineException engine => engine.Fault is not (EngineFault.Unreachable or EngineFault.Timeout or EngineFault.Busy),
        IOException or UnauthorizedAccessException => false,
        _ => true,
    };

    private async Task<TextFiles> ReadAsync(string source)
    {
        if (_read.TryGetValue(source, out var known) && known.TryGetTarget(out var files))
            return files;
        files = await TextReading.RunAsync(() => ModelTextReader.Read(source));
        _read[source] = new WeakReference<TextFiles>(files);
        return files;
    }
}
