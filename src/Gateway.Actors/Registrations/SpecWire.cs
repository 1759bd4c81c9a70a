using Gateway.Actors.Registrations.Wire;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Registrations;

/// <summary>A worker's spec as <c>protos/gateway/registrations.proto</c> has it, the API key included.</summary>
internal static class SpecWire
{
    public static SpecMessage Write(WorkerSpec spec)
    {
        var message = new SpecMessage
        {
            Runtime = spec.Runtime.ToString(),
            Role = spec.Role.ToString(),
            Models = { spec.Models.Select(Write) },
            Priority = spec.Priority,
            Cost = spec.Cost,
            Health = spec.Health is { } health ? Write(health) : null,
            Breaker = spec.Breaker is { } breaker ? Write(breaker) : null,
            Retry = spec.Retry is { } retry ? Write(retry) : null,
        };
        foreach (var (name, value) in spec.Labels.Pairs)
            message.Labels.Add(name, value);
        if (spec.ApiKey is { } key)
            message.ApiKey = key.Reveal();
        if (spec.BootstrapPort is { } port)
            message.BootstrapPort = port;
        if (spec.DataParallelSize is { } size)
            message.DataParallelSize = size;
        if (spec.ServerName is { } server)
            message.ServerName = server;
        return message;
    }

    public static WorkerSpec Read(WorkerUrl url, SpecMessage message) => new()
    {
        Url = url,
        Runtime = Word<EngineRuntime>(message.Runtime),
        Role = Word<WorkerRole>(message.Role),
        Models = [.. message.Models.Select(Read)],
        Labels = new Labels(message.Labels),
        Priority = message.Priority,
        Cost = message.Cost,
        ApiKey = message.HasApiKey ? Secret.FromNullable(message.ApiKey) : null,
        ServerName = message.HasServerName ? message.ServerName : null,
        BootstrapPort = message.HasBootstrapPort ? message.BootstrapPort : null,
        DataParallelSize = message.HasDataParallelSize ? message.DataParallelSize : null,
        Health = message.Health is { } health ? Read(health) : null,
        Breaker = message.Breaker is { } breaker ? Read(breaker) : null,
        Retry = message.Retry is { } retry ? Read(retry) : null,
    };

    private static CardMessage Write(ModelCard card)
    {
        var message = new CardMessage { Id = card.Id, Aliases = { card.Aliases } };
        if (card.MaxModelLength is { } length)
            message.MaxModelLength = length;
        return message;
    }

    private static ModelCard Read(CardMessage message) =>
        new(message.Id, [.. message.Aliases], message.HasMaxModelLength ? message.MaxModelLength : null);

    private static HealthMessage Write(HealthOverrides health)
    {
        var message = new HealthMessage();
        if (health.Interval is { } interval)
            message.IntervalTicks = interval.Ticks;
        if (health.Timeout is { } timeout)
            message.TimeoutTicks = timeout.Ticks;
        if (health.SuccessThreshold is { } successes)
            message.SuccessThreshold = successes;
        if (health.FailureThreshold is { } failures)
            message.FailureThreshold = failures;
        if (health.Disabled is { } disabled)
            message.Disabled = disabled;
        if (health.DrainTimeout is { } drain)
            message.DrainTimeoutTicks = drain.Ticks;
        return message;
    }

    private static HealthOverrides Read(HealthMessage message) => new()
    {
        Interval = message.HasIntervalTicks ? TimeSpan.FromTicks(message.IntervalTicks) : null,
        Timeout = message.HasTimeoutTicks ? TimeSpan.FromTicks(message.TimeoutTicks) : null,
        SuccessThreshold = message.HasSuccessThreshold ? message.SuccessThreshold : null,
        FailureThreshold = message.HasFailureThreshold ? message.FailureThreshold : null,
        Disabled = message.HasDisabled ? message.Disabled : null,
        DrainTimeout = message.HasDrainTimeoutTicks ? TimeSpan.FromTicks(message.DrainTimeoutTicks) : null,
    };

    private static BreakerMessage Write(BreakerOverrides breaker)
    {
        var message = new BreakerMessage();
        if (breaker.Disabled is { } disabled)
            message.Disabled = disabled;
        if (breaker.FailureThreshold is { } failures)
            message.FailureThreshold = failures;
        if (breaker.SuccessThreshold is { } successes)
            message.SuccessThreshold = successes;
        if (breaker.OpenDuration is { } open)
            message.OpenDurationTicks = open.Ticks;
        if (breaker.Window is { } window)
            message.WindowTicks = window.Ticks;
        return message;
    }

    private static BreakerOverrides Read(BreakerMessage message) => new()
    {
        Disabled = message.HasDisabled ? message.Disabled : null,
        FailureThreshold = message.HasFailureThreshold ? message.FailureThreshold : null,
        SuccessThreshold = message.HasSuccessThreshold ? message.SuccessThreshold : null,
        OpenDuration = message.HasOpenDurationTicks ? TimeSpan.FromTicks(message.OpenDurationTicks) : null,
        Window = message.HasWindowTicks ? TimeSpan.FromTicks(message.WindowTicks) : null,
    };

    private static RetryMessage Write(RetryOverrides retry)
    {
        var message = new RetryMessage
        {
            StatusCodes = retry.StatusCodes is { } codes ? new StatusCodesMessage { Codes = { codes } } : null,
        };
        if (retry.Disabled is { } disabled)
            message.Disabled = disabled;
        if (retry.MaxAttempts is { } attempts)
            message.MaxAttempts = attempts;
        if (retry.InitialBackoff is { } initial)
            message.InitialBackoffTicks = initial.Ticks;
        if (retry.MaxBackoff is { } max)
            message.MaxBackoffTicks = max.Ticks;
        if (retry.BackoffMultiplier is { } multiplier)
            message.BackoffMultiplier = multiplier;
        if (retry.JitterFactor is { } jitter)
            message.JitterFactor = jitter;
        return message;
    }

    private static RetryOverrides Read(RetryMessage message) => new()
    {
        Disabled = message.HasDisabled ? message.Disabled : null,
        MaxAttempts = message.HasMaxAttempts ? message.MaxAttempts : null,
        InitialBackoff = message.HasInitialBackoffTicks ? TimeSpan.FromTicks(message.InitialBackoffTicks) : null,
        MaxBackoff = message.HasMaxBackoffTicks ? TimeSpan.FromTicks(message.MaxBackoffTicks) : null,
        BackoffMultiplier = message.HasBackoffMultiplier ? message.BackoffMultiplier : null,
        JitterFactor = message.HasJitterFactor ? message.JitterFactor : null,
        StatusCodes = message.StatusCodes is { } codes ? [.. codes.Codes] : null,
    };

    private static T Word<T>(string word)
        where T : struct, Enum =>
        Enum.TryParse<T>(word, out var value) && Enum.IsDefined(value)
            ? value
            : throw new FormatException($"'{word}' is no {typeof(T).Name} that this version knows");
}
