namespace Gateway.Host.Commands;

/// <summary>How a word is meant; a colour on terminals.</summary>
internal enum Tone
{
    Plain,
    Good,
    Warning,
    Bad,
}

/// <param name="Text">As it is printed.</param>
/// <param name="Tone">Where there are colours.</param>
internal readonly record struct Cell(string Text, Tone Tone = Tone.Plain)
{
    public static implicit operator Cell(string text) => new(text);
}

/// <summary>A table that is framed and coloured on a terminal, and columns of words for programs.</summary>
internal sealed class TextTable(params string[] titles)
{
    private const string Gap = "  ";

    private readonly List<Cell[]> _rows = [];

    public IReadOnlyList<string> Titles { get; } = titles;

    public IReadOnlyList<Cell[]> Rows => _rows;

    public void Add(params Cell[] cells) =>
        _rows.Add([.. cells.Select(static cell => cell with { Text = CommandConsole.Printable(cell.Text) })]);

    public void Write(CommandConsole console)
    {
        if (console.IsTerminal)
            TerminalTable.Write(this, console.Out);
        else
            WritePlain(console.Out);
    }

    /// <summary>An empty cell is a dash, so that every line has as many words as columns.</summary>
    private void WritePlain(TextWriter output)
    {
        int[] widths = [.. Titles.Select((title, column) => _rows.Select(row => Shown(row[column]).Length).Append(title.Length).Max())];
        WriteRow(output, widths, [.. Titles]);
        foreach (var row in _rows)
            WriteRow(output, widths, [.. row.Select(Shown)]);
    }

    private static void WriteRow(TextWriter output, int[] widths, string[] words) =>
        output.WriteLine(string.Join(Gap, words.Select((word, column) => word.PadRight(widths[column]))).TrimEnd());

    private static string Shown(Cell cell) => cell.Text.Length == 0 ? "-" : cell.Text;
}
