namespace Gateway.Host.Serving.Pairs;

/// <summary>Lines of server-sent events, as engines write them.</summary>
internal static class EventData
{
    public static ReadOnlySpan<byte> Prefix => "data: "u8;
}
