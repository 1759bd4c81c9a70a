using Gateway.Host.Configuration;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Gateway.Host.Observability;

/// <summary>The log's level, which can be changed while the gateway runs: loggers that exist follow at once.</summary>
internal sealed class LogLevelSwitch : IConfigureOptions<LoggerFilterOptions>, IOptionsChangeTokenSource<LoggerFilterOptions>, IDisposable
{
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly ITimer _timer;
    private CancellationTokenSource _change = new();
    private volatile LogLevelState _state;

    public LogLevelSwitch(GatewayOptions options, TimeProvider time)
    {
        _time = time;
        _state = new LogLevelState(options.Log.Level, options.Log.Level, Until: null);
        _timer = time.CreateTimer(static self => ((LogLevelSwitch)self!).Return(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The words of the option, and what they mean.</summary>
    public static IReadOnlyDictionary<string, LogLevel> Levels { get; } = new OrderedDictionary<string, LogLevel>
    {
        ["debug"] = LogLevel.Debug,
        ["info"] = LogLevel.Information,
        ["warn"] = LogLevel.Warning,
        ["error"] = LogLevel.Error,
    };

    public LogLevelState Current => _state;

    string? IOptionsChangeTokenSource<LoggerFilterOptions>.Name => Options.DefaultName;

    /// <param name="level">One of <see cref="Levels"/>.</param>
    /// <param name="time">After which the configured level holds again; null for the rest of the process' life.</param>
    public LogLevelState Set(string level, TimeSpan? time)
    {
        lock (_lock)
        {
            _timer.Change(time ?? Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return Apply(_state with { Level = level, Until = _time.GetUtcNow() + time });
        }
    }

    public void Configure(LoggerFilterOptions options)
    {
        var level = Levels[_state.Level];
        options.MinLevel = level;
        // One line for each request and each endpoint match: the gateway has its own access log.
        options.AddFilter("Microsoft.AspNetCore", level == LogLevel.Debug ? LogLevel.Debug : LogLevel.Warning);
    }

    public IChangeToken GetChangeToken() => new CancellationChangeToken(Volatile.Read(ref _change).Token);

    public void Dispose() => _timer.Dispose();

    private void Return()
    {
        lock (_lock)
        {
            if (_state.Until is not { } until)
                return;
            // It may have been set again meanwhile, and a timer may fire a little early.
            if (until - _time.GetUtcNow() is var left && left > TimeSpan.Zero)
                _timer.Change(left, Timeout.InfiniteTimeSpan);
            else
                Apply(_state with { Level = _state.Configured, Until = null });
        }
    }

    private LogLevelState Apply(LogLevelState state)
    {
        _state = state;
        // Whoever listens asks for the next token before this returns.
        Interlocked.Exchange(ref _change, new CancellationTokenSource()).Cancel();
        return state;
    }
}

/// <summary>What is logged.</summary>
/// <param name="Level">Now; one of <see cref="LogLevelSwitch.Levels"/>.</param>
/// <param name="Configured">By the operator, at the start.</param>
/// <param name="Until">When the configured one holds again; null if it does, or if nobody has said.</param>
internal sealed record LogLevelState(string Level, string Configured, DateTimeOffset? Until);
