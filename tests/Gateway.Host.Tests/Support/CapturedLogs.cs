using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Gateway.Host.Tests.Support;

/// <summary>Keeps what was logged, for tests that look at it.</summary>
internal sealed class CapturedLogs : ILoggerProvider
{
    public ConcurrentQueue<string> Lines { get; } = new();

    public ILogger CreateLogger(string categoryName) => new Logger(Lines, categoryName);

    /// <summary>A line may be written just after the client has its answer.</summary>
    public async Task<string> WaitForAsync(Predicate<string> match)
    {
        var patience = DateTime.UtcNow + Eventually.Limit;
        while (DateTime.UtcNow < patience)
        {
            if (Lines.FirstOrDefault(line => match(line)) is { } line)
                return line;
            await Task.Delay(1);
        }

        throw new TimeoutException("No such line was logged.");
    }

    public void Dispose()
    {
    }

    private sealed class Logger(ConcurrentQueue<string> lines, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{category}: {formatter(state, exception)} {exception}");
    }
}
