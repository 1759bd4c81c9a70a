using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Gateway.Host.Tests.Documentation.Pages;

/// <summary>A shell that a page's commands are typed into, one block after the other: what one sets the next may use.</summary>
internal sealed class BashSession : IAsyncDisposable
{
    private const string Mark = "--- the block has ended with ";

    private readonly string _block = Path.GetTempFileName();
    private readonly Process _bash;

    private BashSession(Process bash) => _bash = bash;

    public static BashSession Start(string folder)
    {
        // Both outputs in one, as on a terminal.
        var start = new ProcessStartInfo("bash", ["--noprofile", "--norc", "-c", "exec 2>&1; exec bash --noprofile --norc"])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach (var name in start.Environment.Keys.Where(static name => name.StartsWith("GATEWAY_", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(name);
        return new BashSession(Process.Start(start)!);
    }

    /// <summary>Runs the commands to their end.</summary>
    public async Task<(int Code, string Output)> RunAsync(string commands)
    {
        await File.WriteAllTextAsync(_block, commands);
        await _bash.StandardInput.WriteAsync($". {_block} < /dev/null; printf '\\n{Mark}%s\\n' $?\n");
        await _bash.StandardInput.FlushAsync();
        var output = new StringBuilder();
        using var patience = new CancellationTokenSource(Support.Eventually.Limit);
        while (await _bash.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.StartsWith(Mark, StringComparison.Ordinal))
                return (int.Parse(line[Mark.Length..], CultureInfo.InvariantCulture), output.ToString());
            output.Append(line).Append('\n');
        }

        throw new InvalidOperationException($"The shell has ended: {output}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_bash.HasExited)
            _bash.Kill(entireProcessTree: true);
        await _bash.WaitForExitAsync();
        _bash.Dispose();
        File.Delete(_block);
    }
}
