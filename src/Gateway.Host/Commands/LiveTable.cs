using Spectre.Console;
using Spectre.Console.Rendering;
using Words = Spectre.Console.Text;

namespace Gateway.Host.Commands;

/// <summary>A table on a terminal that is drawn over itself.</summary>
internal static class LiveTable
{
    /// <param name="output">The terminal.</param>
    /// <param name="look">What there is to show now.</param>
    /// <param name="pause">Between two looks.</param>
    /// <param name="looks">How many.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task RunAsync(
        TextWriter output, Func<CancellationToken, Task<(string Title, TextTable Table)>> look, TimeSpan pause, int looks, CancellationToken cancellation)
    {
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        await terminal.Live(await ShowAsync(look, cancellation)).Overflow(VerticalOverflow.Ellipsis).StartAsync(async live =>
        {
            for (var shown = 1; shown < looks; shown++)
            {
                await Task.Delay(pause, cancellation);
                live.UpdateTarget(await ShowAsync(look, cancellation));
            }
        });
    }

    private static async Task<IRenderable> ShowAsync(
        Func<CancellationToken, Task<(string Title, TextTable Table)>> look, CancellationToken cancellation)
    {
        var (title, table) = await look(cancellation);
        return new Rows(new Words(CommandConsole.Printable(title)), TerminalTable.Make(table));
    }
}
