namespace Gateway.Host.Serving.Tokens.Texts;

/// <summary>Where files of tokenizers are read: on a thread of its own each, so that none of the pool's is missing where requests need it.</summary>
internal static class TextReading
{
    public static Task<T> RunAsync<T>(Func<T> read) =>
        Task.Factory.StartNew(read, CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
}
