namespace Gateway.Host.Serving.Tokens.Texts;

/// <summary>
/// Where prompts become tokens. Short ones do where their request is, in well under a millisecond; long ones a few at a time, so that neither
/// short ones nor the actors wait for them; huge ones one at a time beside these, so that a single one, which takes seconds, does not stand
/// before the others. One for the whole process, as the processors are.
/// </summary>
internal static class PromptLanes
{
    /// <summary>Bytes of a body.</summary>
    public const int LargestShort = 16 * 1024;

    /// <summary>Bytes of a body: some 250,000 tokens, which take a tenth of a second.</summary>
    public const int LargestLong = 1024 * 1024;

    private static readonly SemaphoreSlim Long = new(Math.Max(1, Environment.ProcessorCount / 2));
    private static readonly SemaphoreSlim Huge = new(1);

    /// <summary>Does the work of a body that is not short when its turn comes.</summary>
    /// <param name="bytes">Of the body.</param>
    /// <param name="work">What to do with it.</param>
    /// <param name="cancellation">
    /// Also ends the waiting at once; a task scheduler with so many places, which would do otherwise, gives up a waiting task only when its
    /// turn has come.
    /// </param>
    public static async Task<T> RunAsync<T>(int bytes, Func<T> work, CancellationToken cancellation)
    {
        var lane = LaneFor(bytes);
        await lane.WaitAsync(cancellation);
        try
        {
            return await Task.Run(work, cancellation);
        }
        finally
        {
            lane.Release();
        }
    }

    internal static SemaphoreSlim LaneFor(int bytes) => bytes <= LargestLong ? Long : Huge;
}
