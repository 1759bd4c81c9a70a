using Gateway.Host.Configuration;

namespace Gateway.Host.Admission;

/// <summary>
/// Takes over the keys file when it changes: keys come and go without a restart. What is not good changes nothing, and is told once.
/// </summary>
internal sealed partial class KeysFileFollower(GatewayOptions options, TenantDirectory tenants, TimeProvider time, ILogger<KeysFileFollower> log)
    : BackgroundService
{
    /// <summary>A small file is read each time; a key that is taken away is good for no longer than twice as much.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private string? _seen;
    private string? _tried;

    /// <summary>Takes new content that has stood still since the last look: files are not written at once.</summary>
    public void Look()
    {
        var text = ReadOrNull(options.Security.KeysFile!);
        var isStill = text == _seen;
        _seen = text;
        if (!isStill || text == _tried)
            return;
        _tried = text;
        try
        {
            var keys = KeysFile.Parse(text ?? throw new FormatException("cannot be read"));
            tenants.Replace(keys);
            LogInUse(options.Security.KeysFile!, keys.Count);
        }
        catch (FormatException failure)
        {
            LogKept(options.Security.KeysFile!, failure.Message.ReplaceLineEndings(" "));
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Security.KeysFile is null)
            return;
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                Look();
        }
        catch (OperationCanceledException)
        {
            // The gateway stops.
        }
    }

    private static string? ReadOrNull(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [LoggerMessage(1, LogLevel.Information, "{Path}: lists {Count} keys")]
    private partial void LogInUse(string path, int count);

    [LoggerMessage(2, LogLevel.Error, "{Path}: keeping the keys from before: {Reason}")]
    private partial void LogKept(string path, string reason);
}
