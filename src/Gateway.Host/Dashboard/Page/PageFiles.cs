using System.Collections.Frozen;
using System.Security.Cryptography;

namespace Gateway.Host.Dashboard.Page;

/// <summary>The page's files, which are inside the executable.</summary>
internal static class PageFiles
{
    private const string Prefix = "dashboard/";

    private static readonly FrozenDictionary<string, PageFile> All = typeof(PageFiles).Assembly.GetManifestResourceNames()
        .Where(static name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .ToFrozenDictionary(static name => name[Prefix.Length..], Load);

    public static PageFile Index => All["index.html"];

    /// <returns>Null if there is none of this name.</returns>
    public static PageFile? Find(string name) => All.GetValueOrDefault(name);

    private static PageFile Load(string resource)
    {
        using var stream = typeof(PageFiles).Assembly.GetManifestResourceStream(resource)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return new PageFile(content, TypeOf(resource), $"\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 8))}\"");
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => "application/octet-stream",
    };
}

/// <summary>One of them.</summary>
/// <param name="Content">As it is sent.</param>
/// <param name="ContentType">Of the header of that name.</param>
/// <param name="Tag">In quotes; another content has another.</param>
internal sealed record PageFile(ReadOnlyMemory<byte> Content, string ContentType, string Tag);
