using System.Text.Json.Nodes;

namespace Gateway.Host.Commands.Checks;

/// <summary>From the best to the worst.</summary>
internal enum Severity
{
    Ok,
    Skipped,
    Warning,
    Failed,
}

/// <summary>What <c>gateway doctor</c> found.</summary>
/// <param name="Check">What was looked at.</param>
/// <param name="Severity">How it is.</param>
/// <param name="Message">What was seen.</param>
/// <param name="Advice">What to do; empty if nothing.</param>
internal sealed record Finding(string Check, Severity Severity, string Message, string Advice = "")
{
    public JsonObject ToJson() => new()
    {
        ["check"] = Check,
        ["status"] = Severity.ToWord(),
        ["message"] = Message,
        ["advice"] = Advice,
    };
}

internal static class SeverityWords
{
    public static string ToWord(this Severity severity) => severity switch
    {
        Severity.Ok => "ok",
        Severity.Skipped => "skipped",
        Severity.Warning => "warning",
        _ => "failed",
    };

    public static Cell ToCell(this Severity severity) => new(severity.ToWord(), severity switch
    {
        Severity.Ok => Tone.Good,
        Severity.Warning => Tone.Warning,
        Severity.Failed => Tone.Bad,
        _ => Tone.Plain,
    });
}
