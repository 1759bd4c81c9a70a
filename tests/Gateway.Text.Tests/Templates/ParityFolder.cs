using System.Reflection;
using System.Text.Json;

namespace Gateway.Text.Tests.Templates;

/// <summary>The files of <c>tests/template-parity</c>.</summary>
internal static class ParityFolder
{
    public static string Path { get; } = System.IO.Path.Combine(Root(), "tests", "template-parity");

    public static JsonElement Read(string name) => JsonElement.Parse(File.ReadAllBytes(System.IO.Path.Combine(Path, name)));

    private static string Root()
    {
        var folder = System.IO.Path.GetDirectoryName(Assembly.GetExecutingAssembly().Location);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder, "ModelGateway.sln")))
            folder = System.IO.Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("The tests must run within the repository.");
    }
}
