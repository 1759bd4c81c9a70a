namespace Gateway.Text.Parsers.Harmony;

/// <summary>Harmony's special tokens, as text.</summary>
internal static class HarmonyMarkers
{
    public const string Start = "<|start|>";
    public const string Channel = "<|channel|>";
    public const string Constrain = "<|constrain|>";
    public const string Message = "<|message|>";
    public const string End = "<|end|>";
    public const string Call = "<|call|>";
    public const string Return = "<|return|>";

    public static IReadOnlyList<string> All { get; } = [Start, Channel, Constrain, Message, End, Call, Return];
}
