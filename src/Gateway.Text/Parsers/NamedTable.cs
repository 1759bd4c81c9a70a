namespace Gateway.Text.Parsers;

/// <summary>A table by name, in which case, "-", "_" and "." do not matter.</summary>
internal sealed class NamedTable<T>(params (string Names, T Value)[] rows)
{
    private readonly Dictionary<string, T> _rows =
        rows.SelectMany(static row => row.Names.Split(' ').Select(name => (Name: Normalize(name), row.Value)))
            .ToDictionary(static row => row.Name, static row => row.Value, StringComparer.Ordinal);

    /// <summary>The first name of each row, for help and errors.</summary>
    public IReadOnlyList<string> Names { get; } = [.. rows.Select(static row => row.Names.Split(' ')[0])];

    public bool TryFind(string name, out T? value) => _rows.TryGetValue(Normalize(name), out value);

    private static string Normalize(string name) =>
        string.Concat(name.Where(static character => character is not ('-' or '_' or '.')).Select(char.ToLowerInvariant));
}
