using System.Diagnostics;
using System.Globalization;

namespace Gateway.LoadBench.Servers;

/// <summary>A server in a process of its own, with what it has cost so far.</summary>
internal sealed class MeasuredServer : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly bool _isOurs;

    private MeasuredServer(string name, Process process, bool isOurs)
    {
        Name = name;
        _process = process;
        _isOurs = isOurs;
    }

    public string Name { get; }

    public IReadOnlyList<Uri> Urls { get; private init; } = [];

    /// <summary>Starts this executable in one of its roles and waits until it listens.</summary>
    public static async Task<MeasuredServer> StartRoleAsync(string role, IEnumerable<string> args)
    {
        var self = Environment.ProcessPath!;
        var dll = typeof(MeasuredServer).Assembly.Location;
        string[] host = Path.GetFileNameWithoutExtension(self) == "dotnet" ? [dll] : [];
        var process = Launch(self, [.. host, ServerRole.Verb, role, .. args], redirect: true);
        using var timeout = new CancellationTokenSource(StartTimeout);
        var ready = await LineAsync(process, ServerRole.Ready, timeout.Token);
        return new MeasuredServer(role, process, isOurs: true) { Urls = [.. ready.Split(' ').Select(static url => new Uri(url))] };
    }

    /// <summary>Starts another executable.</summary>
    /// <param name="name">As in the tables.</param>
    /// <param name="executable">Its file.</param>
    /// <param name="args">Its command line.</param>
    /// <param name="url">Where it will listen.</param>
    /// <param name="isSilenced">Whether nobody hears what it says on its standard output.</param>
    public static MeasuredServer StartOther(string name, string executable, string[] args, Uri url, bool isSilenced = false)
    {
        var process = Launch(executable, args, redirect: isSilenced);
        if (isSilenced)
            process.BeginOutputReadLine();
        return new(name, process, isOurs: false) { Urls = [url] };
    }

    /// <summary>CPU time of the process and its children so far, user and system.</summary>
    public TimeSpan CpuTime() => ProcessCpu.OfTree(_process.Id);

    /// <summary>Memory that the process and its children have from the machine now.</summary>
    public long ResidentBytes() => ProcessMemory.Resident(ProcessIds());

    /// <summary>The process and its children.</summary>
    public IReadOnlyList<int> ProcessIds() => ProcessTree.Of(_process.Id);

    /// <summary>Bytes allocated on the managed heap so far; null if it has none.</summary>
    public async Task<long?> AllocatedAsync()
    {
        if (!_isOurs)
            return null;
        await _process.StandardInput.WriteLineAsync();
        await _process.StandardInput.FlushAsync();
        return long.Parse(await LineAsync(_process, ServerRole.Allocated, CancellationToken.None), CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            if (_isOurs)
                _process.StandardInput.Close();
            else
                _process.Kill(entireProcessTree: true);
            await Task.WhenAny(_process.WaitForExitAsync(), Task.Delay(TimeSpan.FromSeconds(3)));
            if (!_process.HasExited)
                _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private static Process Launch(string executable, string[] args, bool redirect)
    {
        var start = new ProcessStartInfo(executable) { RedirectStandardInput = redirect, RedirectStandardOutput = redirect };
        foreach (var arg in args)
            start.ArgumentList.Add(arg);
        // As its own executable is configured; here it is a guest in this one.
        if (Array.Exists(args, static arg => arg.EndsWith("gateway", StringComparison.Ordinal)))
            start.Environment["DOTNET_ThreadPool_UnfairSemaphoreSpinLimit"] = "0";
        return Process.Start(start) ?? throw new InvalidOperationException($"{executable} did not start.");
    }

    private static async Task<string> LineAsync(Process process, string prefix, CancellationToken cancellation)
    {
        while (await process.StandardOutput.ReadLineAsync(cancellation) is { } line)
        {
            if (line.StartsWith(prefix, StringComparison.Ordinal))
                return line[prefix.Length..];
            // What the server has to say to its operator.
            Console.Error.WriteLine(line);
        }

        throw new InvalidOperationException("The server ended before it answered.");
    }
}
