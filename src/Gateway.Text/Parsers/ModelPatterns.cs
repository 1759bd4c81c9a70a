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
