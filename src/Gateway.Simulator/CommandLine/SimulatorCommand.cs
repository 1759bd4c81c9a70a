using System.CommandLine;
using System.Net.Sockets;
using Gateway.Text.Tokenizers;

namespace Gateway.Simulator.CommandLine;

/// <summary>The <c>engine-simulator</c> command: starts workers and keeps them until it is told to stop.</summary>
internal static class SimulatorCommand
{
    private const int CannotStart = 1;

    // After that, what still runs is cut off.
    private static readonly TimeSpan _stopGrace = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync(string[] args)
    {
        var options = new SimulatorCommandOptions();
        var command = new RootCommand(
            "Inference workers without a model: they speak what SGLang and vLLM speak over HTTP or gRPC, take about the time that a real "
            + "engine would, and answer with filler text that says so. Break them with PUT /simulator/faults, watch them with "
            + "GET /simulator/stats. With --mode canned they answer fixed bytes at the least cost, for measuring a gateway.");
        options.AddTo(command);
        command.SetAction((parsed, cancellation) => ServeAsync(options.CountOf(parsed), options.Read(parsed), options.RegistrationOf(parsed), cancellation));
        return await command.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = _stopGrace * 2 });
    }

    private static async Task<int> ServeAsync(
        int count, SimulatorOptions options, SelfRegistration? registration, CancellationToken cancellation)
    {
        try
        {
            if (options.TokenizerFolder is { } folder)
                options = options with { Tokenizer = TokenizerIn(folder) };
            await using var fleet = await SimulatedFleet.StartAsync(count, options, cancellation);
            Announce(fleet, options);
            if (registration is not null)
                await registration.KeepAsync(fleet.Workers, cancellation);
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            using var grace = new CancellationTokenSource(_stopGrace);
            await fleet.StopAsync(grace.Token);
            return 0;
        }
        catch (Exception error) when (error is SocketException or ArgumentException or FormatException or TokenizerFormatException)
        {
            await Console.Error.WriteLineAsync($"engine-simulator cannot start: {error.Message.Split('\n')[0]}");
            return CannotStart;
        }
    }

    private static Func<string, int[]> TokenizerIn(string folder)
    {
        var tokenizer = TokenizerFolder.Open(folder).LoadTokenizer();
        return text => tokenizer.Encode(text);
    }

    private static void Announce(SimulatedFleet fleet, SimulatorOptions options)
    {
        var role = options.Role == SimulatorRole.Regular ? "" : $", role {options.Role}";
        Console.WriteLine($"This is a simulation: there is no model. Playing {options.Runtime}, mode {options.Mode}{role}, model name '{options.Model}'.");
        foreach (var worker in fleet.Workers)
        {
            var bootstrap = worker.BootstrapPort is { } port ? $" bootstrap port {port}" : "";
            Console.WriteLine($"{worker.GrpcUrl ?? worker.Url}".TrimEnd('/') + bootstrap);
        }
    }
}
