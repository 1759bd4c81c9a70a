using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using BenchmarkDotNet.Validators;

namespace Gateway.Benchmarks.RegistryRead;

/// <summary>
/// Runs the reading benchmarks several times over and prints medians. Within a round, what is compared runs one after the other within
/// a second or two, in this process; ratios are taken within a round, and the table shows their median over the rounds. Of the many short
/// runs of a case those count in which other work on the machine was least in the way: see <see cref="ReadSamples.Take"/>.
/// </summary>
internal static class RegistryReadCommand
{
    private const int DefaultRounds = 3;
    private const int Runs = 24;

    private static readonly Type[] Benches = [typeof(LookupBenchmarks), typeof(ClientBenchmarks)];

    public static int Run(string[] args) => Run(args, Benches);

    /// <summary>The second half alone: a worker's client.</summary>
    public static int RunClients(string[] args) => Run(args, Benches[1..]);

    private static int Run(string[] args, Type[] benches)
    {
        var rounds = args is ["--rounds", var text] ? int.Parse(text, CultureInfo.InvariantCulture) : DefaultRounds;
        var machine = Machine.Line();
        var reports = new List<ReadMeasurement>();
        for (var round = 0; round < rounds; round++)
        {
            Console.Error.Write($"\nround {round + 1} of {rounds} ");
            foreach (var type in benches)
            {
                var summary = BenchmarkRunner.Run(type, Config());
                if (summary.HasCriticalValidationErrors || summary.Reports.Any(static report => !report.Success))
                {
                    Console.Error.WriteLine(string.Join('\n', summary.ValidationErrors.Select(static error => error.Message)));
                    return 1;
                }

                reports.AddRange(summary.Reports.Select(report => Measurement(type.Name, round, report)));
            }
        }

        Console.WriteLine($"{machine}\n");
        Console.WriteLine($"1,000 models of 10 workers; medians over {rounds} rounds; ns per operation as each thread sees it. Overlap: 1 if two threads ran at the same time.");
        ReadTable.Print("CPU time, least disturbed third", reports, static one => one.Sample.CpuNanoseconds);
        ReadTable.Print("wall, BenchmarkDotNet's lower quartile", reports, static one => one.WallNanoseconds);
        return 0;
    }

    private static ReadMeasurement Measurement(string bench, int round, BenchmarkReport report)
    {
        var method = report.BenchmarkCase.Descriptor.WorkloadMethod.Name;
        var threads = (int)report.BenchmarkCase.Parameters[nameof(ReadBenchmarks.Threads)];
        var mutations = (int)report.BenchmarkCase.Parameters[nameof(ReadBenchmarks.MutationsPerSecond)];
        return new ReadMeasurement(
            bench,
            method,
            threads,
            mutations,
            round,
            report.ResultStatistics!.Q1,
            ReadSamples.Take(method, threads, mutations, Runs),
            report.BenchmarkCase.Descriptor.Baseline);
    }

    /// <summary>
    /// One invocation is an iteration, since it does hundreds of thousands of operations itself. In this process, because the fleet is
    /// dear to set up and because arms that run in the same process at nearly the same time meet the same noise.
    /// </summary>
    private static ManualConfig Config() => ManualConfig.CreateEmpty()
        .AddJob(Job.Default
            .WithToolchain(InProcessEmitToolchain.Instance)
            // Forced collections of the fleet of 10,000 actors between iterations would take most of the run.
            .WithGcForce(false)
            .WithInvocationCount(1)
            .WithUnrollFactor(1)
            .WithWarmupCount(3)
            .WithIterationCount(Runs))
        .AddLogger(NullLogger.Instance)
        .AddColumnProvider(DefaultColumnProviders.Instance)
        .AddValidator(JitOptimizationsValidator.FailOnError)
        .WithOptions(ConfigOptions.DisableLogFile)
        .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "gateway-benchmarks"));
}
