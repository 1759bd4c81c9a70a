using System.Text.Json.Nodes;

namespace Gateway.Host.Commands;

/// <summary>Where a command writes.</summary>
/// <param name="Out">Its answer.</param>
/// <param name="Error">What went wrong, for people.</param>
/// <param name="IsTerminal">Whether people read <paramref name="Out"/>: colours and frames are for them alone.</param>
internal sealed record CommandConsole(TextWriter Out, TextWriter Error, bool IsTerminal)
{
    public static CommandConsole Process() => new(Console.Out, Console.Error, !Console.IsOutputRedirected);

    /// <summary>One document on one line.</summary>
    public void WriteJson(JsonNode document) => Out.WriteLine(document.ToJsonString());

    public void WriteLine(string line) => Out.WriteLine(Printable(line));

    /// <summary>Engines choose some of the words shown; none of them may move the cursor of who reads them.</summary>
    public static string Printable(string text) => text.Any(char.IsControl)
        ? string.Concat(text.Select(static letter => char.IsControl(letter) ? ' ' : letter))
        : text;
}
