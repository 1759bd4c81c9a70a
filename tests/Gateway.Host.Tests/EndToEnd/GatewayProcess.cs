using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Gateway.Host.Composition;
using Gateway.Host.Tests.Support;

namespace Gateway.Host.Tests.EndToEnd;

/// <summary>The gateway's executable in a process of its own, as an operator starts it.</summary>
internal sealed partial class GatewayProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _errors = new();

    private GatewayProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Keep(_output, line.Data);
        process.ErrorDataReceived += (_, line) => Keep(_errors, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Lines on the standard error so far.</summary>
    public IReadOnlyCollection<string> Errors => _errors;

    public IReadOnlyCollection<string> Output => _output;

    public static GatewayProcess Start(params string[] arguments) => StartBehind([], arguments);

    /// <param name="prefix">A command that runs another one, with its arguments, such as <c>ip netns exec NAME</c>; empty for none.</param>
    /// <param name="arguments">The gateway's.</param>
    public static GatewayProcess StartBehind(string[] prefix, string[] arguments)
    {
        string[] command = [.. prefix, "dotnet", typeof(GatewayApplication).Assembly.Location, .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(static name => name.StartsWith("GATEWAY_", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(name);
        return new GatewayProcess(Process.Start(start)!);
    }

    /// <summary>Starts it on a free loopback port and waits until it listens.</summary>
    public static async Task<(GatewayProcess Gateway, HttpClient Client)> StartListeningAsync(params string[] arguments)
    {
        var gateway = Start([.. arguments, "--host", "127.0.0.1", "--port", "0"]);
        return (gateway, new HttpClient { BaseAddress = await gateway.ListensAsync() });
    }

    /// <summary>Waits until it listens.</summary>
    public async Task<Uri> ListensAsync()
    {
        string? address = null;
        await Eventually.HoldsAsync(() => _process.HasExited || (address = Address()) is not null, "the gateway listens");
        Assert.True(address is not null, string.Join('\n', Errors));
        return new Uri(address);
    }

    /// <summary>Ends it at once, as a power failure does.</summary>
    public void Kill() => _process.Kill(entireProcessTree: true);

    public void Terminate()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    public async Task<int> ExitAsync()
    {
        await Eventually.HoldsAsync(() => _process.HasExited, "the gateway has exited");
        // Also waits for the rest of its output.
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    [GeneratedRegex(@"Now listening on: (http://\S+)")]
    private static partial Regex ListeningLine();

    private static void Keep(ConcurrentQueue<string> lines, string? line)
    {
        if (line is not null)
            lines.Enqueue(line);
    }

    private string? Address() =>
        _output.Select(static line => ListeningLine().Match(line)).FirstOrDefault(static match => match.Success)?.Groups[1].Value;
}
