using Gateway.Host.Configuration;

namespace Gateway.Host.Serving.Tokens.Texts;

/// <summary>
/// Where the tokenizers are kept that workers give. What is in it is trusted on the next start, so it is never a folder that others can
/// write to unless the operator names one.
/// </summary>
internal sealed class DownloadFolder(GatewayOptions options)
{
    private readonly Lazy<string> _path = new(() => options.Text.DownloadFolder ?? Usable(UserCache()) ?? Directory.CreateTempSubdirectory("modelgateway-").FullName);

    /// <exception cref="IOException">Not even a temporary folder can be made.</exception>
    public string Path => _path.Value;

    private static string? UserCache()
    {
        var root = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (string.IsNullOrEmpty(root) && OperatingSystem.IsWindows())
            root = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        else if (string.IsNullOrEmpty(root) && Environment.GetEnvironmentVariable("HOME") is { Length: > 0 } home)
            root = System.IO.Path.Combine(home, ".cache");
        return string.IsNullOrEmpty(root) ? null : System.IO.Path.Combine(root, "modelgateway", "tokenizers");
    }

    /// <summary>Services and containers often have a home that is nowhere, or that they may not write to.</summary>
    private static string? Usable(string? folder)
    {
        if (folder is null)
            return null;
        try
        {
            Directory.CreateDirectory(folder);
            var probe = System.IO.Path.Combine(folder, System.IO.Path.GetRandomFileName());
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
            return folder;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
