using System.Text.Json;

namespace Gateway.Text.Tests.Templates;

/// <summary>The files of <c>tests/template-parity</c>.</summary>
internal static class ParityFolder
{
    public static string Path { get; } = RepositoryFolder.PathOf("tests/template-parity");

    public static JsonElement Read(string name) => JsonElement.Parse(File.ReadAllBytes(System.IO.Path.Combine(Path, name)));
}
