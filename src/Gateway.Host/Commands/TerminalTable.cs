using Spectre.Console;
using Words = Spectre.Console.Text;

namespace Gateway.Host.Commands;

/// <summary>
/// Tables on terminals. The only place, with <see cref="LiveTable"/> and <see cref="Bench.BenchProgress"/>, that knows of Spectre.Console: it is
/// not loaded before one of them is called, and never by the server.
/// </summary>
internal static class TerminalTable
{
    public static void Write(TextTable table, TextWriter output) =>
        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) }).Write(Make(table));

    public static Table Make(TextTable table)
    {
        var made = new Table { Border = TableBorder.Rounded };
        // A URL that is broken over lines cannot be copied.
        for (var column = 0; column < table.Titles.Count; column++)
            made.AddColumn(new TableColumn(new Words(table.Titles[column])) { NoWrap = table.Rows.All(row => !row[column].Text.Contains(' ')) });
        foreach (var row in table.Rows)
            made.AddRow(row.Select(static cell => new Words(cell.Text, StyleOf(cell.Tone))));
        return made;
    }

    private static Style StyleOf(Tone tone) => tone switch
    {
        Tone.Good => new Style(Color.Green),
        Tone.Warning => new Style(Color.Yellow),
        Tone.Bad => new Style(Color.Red),
        _ => Style.Plain,
    };
}
