namespace Gateway.Actors.Engines.Generation;

/// <summary>What an engine advertises for requests that leave something open.</summary>
/// <param name="Sampling">The model's own sampling.</param>
/// <param name="MaxModelLength">Its context in tokens, if it says so.</param>
internal sealed record EngineDefaults(SamplingDefaults Sampling, int? MaxModelLength)
{
    public static EngineDefaults None { get; } = new(SamplingDefaults.None, null);
}
