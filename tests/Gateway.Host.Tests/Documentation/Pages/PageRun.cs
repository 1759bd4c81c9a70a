using System.Diagnostics;
using System.Text.RegularExpressions;
using Gateway.Host.Commands;
using Gateway.Host.Composition;
using Gateway.Host.Tests.EndToEnd;
using Gateway.Host.Tests.Support;
using Gateway.Simulator;

namespace Gateway.Host.Tests.Documentation.Pages;

/// <summary>
/// Does what a page tells its reader to do. It is typed as it stands, but for three things: the ports 30000 and 29000 are free ones of this
/// run, engines at <c>http://10.0.0.N:8000</c> are simulated ones, and <c>dotnet run --project src/Gateway.Host</c> is the gateway that is
/// built already, with a state folder of this run. One that serves runs beside the shell, as in a terminal of its own, and ends when the
/// page starts another.
/// </summary>
internal sealed partial class PageRun : IAsyncDisposable
{
    /// <summary>What the shell says instead of running a command that the test does not know.</summary>
    private const int UnknownCommand = 97;

    private readonly string _folder = Directory.CreateTempSubdirectory("page").FullName;
    private readonly int[] _ports = ReservedPorts.Take(2);
    private readonly Dictionary<string, SimulatedWorker> _engines = [];
    private BashSession? _shell;
    private GatewayProcess? _gateway;

    /// <summary>A file that the shell writes when a gateway is to serve: its arguments.</summary>
    private string Wanted => Path.Combine(_folder, "wanted");

    /// <summary>What a command says that goes on while the page does.</summary>
    private string Beside => Path.Combine(_folder, "beside");

    public async Task DoAsync(PageStep step)
    {
        if (step.Block.Language == "python")
            await PythonSnippet.RunAsync(await ReplaceAsync(step.Block.Text), step);
        else
            await TypeAsync(step);
        foreach (var line in step.Logged)
        {
            Assert.NotNull(_gateway);
            await Eventually.HoldsAsync(() => PageStep.Has(string.Join('\n', _gateway.Output), line), $"the gateway logs '{line}'");
        }

        foreach (var text in step.ExpectedBeside)
            await Eventually.HoldsAsync(() => PageStep.Has(File.ReadAllText(Beside), text), $"what runs beside the page says '{text}'");
    }

    public async ValueTask DisposeAsync()
    {
        if (_shell is not null)
            await _shell.DisposeAsync();
        if (_gateway is not null)
            await _gateway.DisposeAsync();
        foreach (var engine in _engines.Values)
            await engine.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task TypeAsync(PageStep step)
    {
        var commands = await ReplaceAsync(step.Block.Text);
        if (step.RunsBeside)
        {
            // There before anybody reads it: the shell opens it only after it has gone on.
            await File.WriteAllTextAsync(Beside, "");
            commands = $"{{ {commands}\n}} > '{Beside}' 2>&1 &";
        }

        _shell ??= await StartShellAsync();
        var patience = Stopwatch.StartNew();
        while (true)
        {
            var (code, output) = await _shell.RunAsync(commands);
            await ServeAsync();
            var missing = step.Missing(output);
            if (code == step.Exit && missing is null)
                return;
            if (code == UnknownCommand || !step.IsRepeated || patience.Elapsed > Eventually.Limit)
                Assert.Fail($"line {step.Block.Line} ends with {code}, not {step.Exit}, and its output has no '{missing}':\n{commands}\n{output}");
            await Task.Delay(100);
        }
    }

    private async Task<BashSession> StartShellAsync()
    {
        var shell = BashSession.Start(_folder);
        await shell.RunAsync($$"""
            export GATEWAY_URL=http://127.0.0.1:{{_ports[0]}}
            dotnet() {
              if [ "$2" = --no-build ]; then set -- "$1" "${@:3}"; fi
              if [ "$1 $2 $3" != 'run --project src/Gateway.Host' ]; then
                echo "The test does not know this: dotnet $*"
                return {{UnknownCommand}}
              fi
              shift 3
              if [ "$1" = -- ]; then shift; fi
              case ' {{string.Join(' ', OperatorCommands.Names)}} keys --help --version ' in
                *" $1 "*) command dotnet '{{typeof(GatewayApplication).Assembly.Location}}' "$@" ;;
                *) printf '%s\0' "$@" > '{{Wanted}}' ;;
              esac
            }
            """);
        return shell;
    }

    /// <summary>Starts the gateway that the commands have asked for, if they have.</summary>
    private async Task ServeAsync()
    {
        if (!File.Exists(Wanted))
            return;
        var arguments = (await File.ReadAllTextAsync(Wanted)).Split('\0', StringSplitOptions.RemoveEmptyEntries);
        File.Delete(Wanted);
        if (_gateway is not null)
        {
            _gateway.Terminate();
            Assert.Equal(0, await _gateway.ExitAsync());
            await _gateway.DisposeAsync();
        }

        // Told nothing else, a gateway is in its demo mode, which the port of this run would end.
        if (arguments.Length == 0)
            arguments = ["--simulate", "2"];
        _gateway = GatewayProcess.Start([.. arguments, "--host", "127.0.0.1", "--port", $"{_ports[0]}", "--state-dir", Path.Combine(_folder, "state")]);
        await _gateway.ListensAsync();
    }

    private async Task<string> ReplaceAsync(string text)
    {
        foreach (var address in EngineAddress().Matches(text).Select(static match => match.Value).Distinct())
        {
            if (!_engines.ContainsKey(address))
                _engines[address] = await SimulatedWorker.StartAsync(new SimulatorOptions());
        }

        return EngineAddress().Replace(text, match => _engines[match.Value].Url.GetLeftPart(UriPartial.Authority))
            .Replace("localhost:30000", $"127.0.0.1:{_ports[0]}", StringComparison.Ordinal)
            .Replace("localhost:29000", $"127.0.0.1:{_ports[1]}", StringComparison.Ordinal)
            .Replace("--metrics-port 29000", $"--metrics-host 127.0.0.1 --metrics-port {_ports[1]}", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"http://10\.0\.0\.[0-9]+:8000")]
    private static partial Regex EngineAddress();
}
