namespace Gateway.Actors.Engines.Administration;

/// <summary>What became of an operator's wish.</summary>
public enum EngineAnswerKind
{
    Done,

    /// <summary>The engine said no; the message says why.</summary>
    Refused,

    /// <summary>The engine has nothing of the kind.</summary>
    Unsupported,

    /// <summary>The engine could not be reached, did not answer in time, or failed.</summary>
    Failed,
}

/// <summary>An engine's answer to an operator.</summary>
/// <param name="Kind">What became of it.</param>
/// <param name="Message">The engine's own words, or what went wrong; may be empty.</param>
public sealed record EngineAnswer(EngineAnswerKind Kind, string Message)
{
    /// <summary>The adapters that are loaded now, when these were asked for.</summary>
    public IReadOnlyList<LoraAdapter> Adapters { get; init; } = [];

    internal static EngineAnswer Unsupported { get; } = new(EngineAnswerKind.Unsupported, "the engine has nothing of the kind over gRPC");

    internal static EngineAnswer Of(bool success, string message) =>
        new(success ? EngineAnswerKind.Done : EngineAnswerKind.Refused, message);
}

/// <summary>A LoRA adapter.</summary>
/// <param name="Name">As requests name it.</param>
/// <param name="Path">Where the engine finds it; empty if it does not say.</param>
/// <param name="Id">The engine's own; empty if it has not given one.</param>
/// <param name="IsPinned">True if it is never put out of memory.</param>
public sealed record LoraAdapter(string Name, string Path = "", string Id = "", bool IsPinned = false);

/// <summary>What a profile is to contain; null leaves it to the engine.</summary>
public sealed record ProfileSettings
{
    /// <summary>A folder of the engine's machine.</summary>
    public string? OutputFolder { get; init; }

    public int? StartStep { get; init; }

    public int? Steps { get; init; }

    /// <summary>Such as <c>CPU</c> and <c>GPU</c>.</summary>
    public IReadOnlyList<string> Activities { get; init; } = [];

    public bool? WithStack { get; init; }

    public bool? RecordShapes { get; init; }

    /// <summary>True for prefill and decode by themselves.</summary>
    public bool ByStage { get; init; }
}
