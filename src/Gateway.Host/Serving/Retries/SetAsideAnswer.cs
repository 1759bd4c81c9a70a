namespace Gateway.Host.Serving.Retries;

/// <summary>
/// Takes an engine's error into memory, so that its connection is free and its lease can be released while other attempts are made; it is
/// what the client gets if they bring nothing better. One that does not come quickly, or is no mere error message, counts as a broken
/// connection, which is given up.
/// </summary>
internal static class SetAsideAnswer
{
    /// <summary>Bytes of the body.</summary>
    private const int LongestBody = 64 * 1024;

    /// <summary>For the body, after the head has come.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <exception cref="Exception">It could not be had; see <see cref="UpstreamFailure"/>. It is then disposed of.</exception>
    public static async ValueTask<AttemptEnd> TakeAsync(HttpResponseMessage answer, CancellationToken stop)
    {
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
            limit.CancelAfter(Patience);
            await answer.Content.LoadIntoBufferAsync(LongestBody, limit.Token);
            return AttemptEnd.SetAside(answer);
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }
}
