namespace Gateway.Benchmarks.RegistryBurst;
internal static class RegistryBurstCommand { public static Task<int> RunAsync(string[] args) => Task.FromResult(args.Length); }
