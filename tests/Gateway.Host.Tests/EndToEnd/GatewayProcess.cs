using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Gateway.Host.Composition;
using Gateway.Host.Tests.Support;

namespace Gateway.Host.Tests.EndToEnd;

/// <summary>The gateway's executable in a process of its own, as an operator starts it.</summary>
internal sealed partial class GatewayProcess : IAsyncDisposable
{
    private static readonly string[] AnyPort = ["--host", "127.0.0.1", "--port", "0"];

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

    public static GatewayProcess Start(params string[] arguments) => StartFile("dotnet", [typeof(GatewayApplication).Assembly.Location, .. arguments]);

    /// <summary>Starts it on a free loopback port and waits until it listens.</summary>
    public static Task<(GatewayProcess Gateway, HttpClient Client)> StartListeningAsync(params string[] arguments) =>
        ListeningAsync(Start([.. arguments, .. AnyPort]));

    /// <inheritdoc cref="StartListeningAsync"/>
    /// <param name="file">An executable that was published.</param>
    public static Task<(GatewayProcess Gateway, HttpClient Client)> StartFileListeningAsync(string file, params string[] arguments) =>
        ListeningAsync(StartFile(file, [.. arguments, .. AnyPort]));

    /// <param name="prefix">A command that runs another one, with its arguments, such as <c>ip netns exec NAME</c>.</param>
    /// <param name="arguments">The gateway's.</param>
    public static GatewayProcess StartBehind(string[] prefix, string[] arguments) =>
        StartFile(prefix[0], [.. prefix[1..], "dotnet", typeof(GatewayApplication).Assembly.Location, .. arguments]);

    /// <param name="file">An executable.</param>
    /// <param name="variables">Besides those of the tests.</param>
    public static GatewayProcess StartFile(string file, string[] arguments, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(static name => name.StartsWith("GATEWAY_", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(name);
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        return new GatewayProcess(Process.Start(start)!);
    }

    /// <summary>Waits until it listens.</summary>
    public async Task<Uri> ListensAsync()
    {
        string? address = null;
        await Eventually.HoldsAsync(() => _process.HasExited || (address = Address()) is not null, "the gateway listens");
        Assert.True(address is not null, string.Join('\n', Errors));
        return new Uri(address);
    }

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
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    [GeneratedRegex(@"Now listening on: (http://\S+)")]
    private static partial Regex ListeningLine();

    private static async Task<(GatewayProcess Gateway, HttpClient Client)> ListeningAsync(GatewayProcess gateway) =>
        (gateway, new HttpClient { BaseAddress = await gateway.ListensAsync() });

    private static void Keep(ConcurrentQueue<string> lines, string? line)
    {
        if (line is not null)
            lines.Enqueue(line);
    }

    private string? Address() =>
        _output.Select(static line => ListeningLine().Match(line)).FirstOrDefault(static match => match.Success)?.Groups[1].Value;
}
