using Gateway.Actors.Engines.Generation;
using Gateway.Actors.Workers;
using Grpc.Core;

namespace Gateway.Actors.Engines.Channels;

/// <summary>What goes with every call to one worker: its key. Made once for each key.</summary>
internal sealed class CallMetadata
{
    private readonly Secret? _apiKey;
    private readonly string _authorization;

    private CallMetadata(Secret? apiKey)
    {
        _apiKey = apiKey;
        _authorization = apiKey is null ? "" : $"Bearer {apiKey.Reveal()}";
        Plain = new Metadata();
        AddKey(Plain);
    }

    public static CallMetadata None { get; } = new(null);

    /// <summary>For calls that go with nobody's trace. Read only.</summary>
    public Metadata Plain { get; }

    /// <param name="apiKey">The worker's key.</param>
    /// <param name="present">Kept if it has the same key.</param>
    public static CallMetadata For(Secret? apiKey, CallMetadata present) => Equals(apiKey, present._apiKey) ? present : new CallMetadata(apiKey);

    public Metadata With(TraceContext trace)
    {
        if (trace.TraceParent is null)
            return Plain;
        var metadata = new Metadata { { "traceparent", trace.TraceParent } };
        if (trace.TraceState is { Length: > 0 } state)
            metadata.Add("tracestate", state);
        AddKey(metadata);
        return metadata;
    }

    private void AddKey(Metadata metadata)
    {
        if (_authorization.Length > 0)
            metadata.Add("authorization", _authorization);
    }
}
