namespace Gateway.Text.Parsers;

/// <summary>
/// An ordered table from words in a model's name to what the model speaks: the first row of whose words all occur is taken. So a row for a
/// special case stands before the family's.
/// </summary>
internal sealed class ModelPatterns<T>(params (string Words, T? Value)[] rows)
    where T : class
{
    private readonly (string[] Words, T? Value)[] _rows = [.. rows.Select(static row => (row.Words.Split(' '), row.Value))];

    public T? Find(string model)
    {
        var name = model.Replace('_', '-');
        foreach (var (words, value) in _rows)
        {
            if (words.All(word => name.Contains(word, StringComparison.OrdinalIgnoreCase)))
                return value;
        }

        return null;
    }
}

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
