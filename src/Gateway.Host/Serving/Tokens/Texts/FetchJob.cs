using Gateway.Actors.Workers;

namespace Gateway.Host.Serving.Tokens.Texts;

/// <summary>The search for one model's tokenizer, from the first question to its end.</summary>
internal sealed class FetchJob : IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    /// <summary>The incarnations that were asked last.</summary>
    private HashSet<long> _asked = [];

    private readonly CancellationTokenSource _cancelled = new();

    /// <param name="model">Its id.</param>
    public FetchJob(string model)
    {
        Model = model;
        Cancellation = _cancelled.Token;
    }

    public string Model { get; }

    public CancellationToken Cancellation { get; }

    /// <summary>False while it waits to ask again.</summary>
    public bool IsAsking { get; private set; }

    public int Failures { get; private set; }

    /// <summary>Counts the questions, so that the end of an older pause is not taken for the end of this one.</summary>
    public int Round { get; private set; }

    public void Begin(IReadOnlyList<Worker> workers)
    {
        _asked = [.. workers.Select(static worker => worker.Epoch)];
        IsAsking = true;
        Round++;
    }

    public void End()
    {
        IsAsking = false;
        Failures++;
    }

    /// <summary>True if there is somebody now who was not asked in the last round.</summary>
    public bool HasNotAsked(IReadOnlyList<Worker> workers) => workers.Any(worker => !_asked.Contains(worker.Epoch));

    /// <summary>Longer from time to time: an engine that does not give its tokenizer today may be replaced by one that does.</summary>
    public TimeSpan Pause()
    {
        var pause = FirstPause * Math.Pow(2, Math.Min(Failures - 1, 20));
        return pause < LongestPause ? pause : LongestPause;
    }

    /// <summary>Ends the search: nobody waits for it any more, or it has found something.</summary>
    public void Dispose()
    {
        _cancelled.Cancel();
        _cancelled.Dispose();
    }
}
