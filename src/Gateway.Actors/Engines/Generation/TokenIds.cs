using Google.Protobuf.Collections;

namespace Gateway.Actors.Engines.Generation;

/// <summary>Token ids as the engines' messages have them: without a sign.</summary>
internal static class TokenIds
{
    public static void Add(RepeatedField<uint> message, ReadOnlySpan<int> tokens)
    {
        message.Capacity = message.Count + tokens.Length;
        foreach (var token in tokens)
            message.Add((uint)token);
    }

    public static void Add(RepeatedField<uint> message, IReadOnlyList<int> tokens)
    {
        for (var i = 0; i < tokens.Count; i++)
            message.Add((uint)tokens[i]);
    }
}
