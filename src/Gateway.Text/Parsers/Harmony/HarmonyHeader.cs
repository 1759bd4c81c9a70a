namespace Gateway.Text.Parsers.Harmony;

/// <summary>What a Harmony message is for.</summary>
internal enum HarmonyKind
{
    Content,
    Reasoning,
    Call,
}

/// <summary>
/// What stands before a Harmony message: &lt;|start|&gt;assistant&lt;|channel|&gt;commentary to=functions.get_weather &lt;|constrain|&gt;json.
/// The recipient may also stand behind the role.
/// </summary>
/// <param name="Function">The function that is called, if it is a call.</param>
internal readonly record struct HarmonyHeader(HarmonyKind Kind, string? Function)
{
    private const string FunctionPrefix = "functions.";

    public static HarmonyHeader Parse(string header)
    {
        var words = header
            .Replace(HarmonyMarkers.Start, $" {HarmonyMarkers.Start} ", StringComparison.Ordinal)
            .Replace(HarmonyMarkers.Channel, $" {HarmonyMarkers.Channel} ", StringComparison.Ordinal)
            .Replace(HarmonyMarkers.Constrain, $" {HarmonyMarkers.Constrain} ", StringComparison.Ordinal)
            .Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string? channel = null, recipient = null;
        for (var i = 0; i < words.Length; i++)
        {
            if (words[i].StartsWith("to=", StringComparison.Ordinal))
                recipient ??= words[i]["to=".Length..];
            else if (i > 0 && words[i - 1] == HarmonyMarkers.Channel)
                channel ??= words[i];
        }

        var function = FunctionOf(recipient, channel);
        if (function is not null)
            return new(HarmonyKind.Call, function);
        return new(channel == "analysis" ? HarmonyKind.Reasoning : HarmonyKind.Content, null);
    }

    /// <summary>
    /// A recipient in the functions' namespace is called, on any channel. Elsewhere the model sometimes forgets the namespace, which is
    /// a call on the commentary channel; on the analysis channel it uses tools of its own, which no request defines.
    /// </summary>
    private static string? FunctionOf(string? recipient, string? channel)
    {
        if (recipient is null or "" or "assistant" or "user" or "all")
            return null;
        var name = recipient.StartsWith(FunctionPrefix, StringComparison.Ordinal) ? recipient[FunctionPrefix.Length..] : recipient;
        if (!Tools.CallName.IsValid(name))
            return null;
        return name.Length < recipient.Length || channel == "commentary" ? name : null;
    }
}
