using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.Support;

namespace Gateway.Host.Tests.Configuration;

/// <summary>The executable as an operator sees it.</summary>
public sealed class ProcessTests
{
    [Fact]
    public async Task Bad_configuration_ends_it_with_code_2_and_one_line()
    {
        var ended = await RunAsync("--policy", "fancy");

        Assert.Equal((2, ""), (ended.Code, ended.Output));
        Assert.Matches("^gateway: --policy: unknown policy 'fancy'; one of [a-z_, ]+\n$", ended.Errors);
    }

    [Fact]
    public async Task A_busy_port_ends_it_with_code_1_and_one_line()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var ended = await RunAsync("--host", "127.0.0.1", "--port", $"{port}", "--worker-urls", "http://127.0.0.1:9");

        Assert.Equal(1, ended.Code);
        Assert.Equal($"gateway: cannot listen: 127.0.0.1 port {port} is in use by another process\n", ended.Errors);
        Assert.DoesNotContain("   at ", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_busy_port_for_metrics_is_named_as_such()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var ended = await RunAsync("--host", "127.0.0.1", "--port", "0", "--metrics-host", "127.0.0.1", "--metrics-port", $"{port}", "--worker-urls", "http://127.0.0.1:9");

        Assert.Equal(1, ended.Code);
        Assert.Equal($"gateway: cannot listen: 127.0.0.1 port {port} is in use by another process\n", ended.Errors);
    }

    [Fact]
    public async Task Help_and_version_go_to_the_standard_output()
    {
        Assert.Equal((0, HelpText.Render(), ""), await RunAsync("--help"));
        Assert.Equal((0, $"gateway {HelpText.Version}\n", ""), await RunAsync("--version"));
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(GatewayOptions).Assembly.Location, .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Eventually.Limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            var errors = process.StandardError.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return (process.ExitCode, await output, await errors);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }
}
