using Gateway.Text.Templates.Values;

namespace Gateway.Text.Templates;

/// <summary>The special tokens that a template may name, converted once for a model.</summary>
public sealed class SpecialTokens
{
    private readonly Dictionary<string, Value> _values = new(StringComparer.Ordinal);

    /// <param name="tokens">By the name in <c>tokenizer_config.json</c>, such as <c>bos_token</c>. A null is left out: it is undefined.</param>
    public SpecialTokens(IEnumerable<KeyValuePair<string, string?>> tokens)
    {
        foreach (var (name, token) in tokens)
        {
            if (token is not null)
                _values[name] = Value.Of(token);
        }
    }

    internal bool TryGet(string name, out Value value) => _values.TryGetValue(name, out value);
}
