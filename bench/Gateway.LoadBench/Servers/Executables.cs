using System.Diagnostics;

namespace Gateway.LoadBench.Servers;

/// <summary>Programs that the machine has or has not.</summary>
internal static class Executables
{
    /// <summary>Where Debian puts servers, which is not on the path of everybody.</summary>
    private const string SystemFolder = "/usr/sbin";

    /// <returns>Its whole path; null if it is not installed.</returns>
    public static string? Find(string name) => $"{Environment.GetEnvironmentVariable("PATH")}:{SystemFolder}".Split(':')
        .Select(folder => Path.Combine(folder, name))
        .FirstOrDefault(File.Exists);

    /// <summary>Runs one to its end.</summary>
    /// <returns>Its exit code, and all that it said.</returns>
    public static async Task<(int Code, string Said)> RunAsync(string executable, string[] args, string? folder = null)
    {
        var start = new ProcessStartInfo(executable, args)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? "",
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{executable} did not start.");
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, string.Concat(said));
    }
}
