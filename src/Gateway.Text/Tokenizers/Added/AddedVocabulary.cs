using System.Collections.Frozen;
using Gateway.Text.Tokenizers.Models;
using Gateway.Text.Tokenizers.Normalizers;

namespace Gateway.Text.Tokenizers.Added;

/// <summary>
/// The added tokens. An id that tokenizer.json gives does not count: as in the original, a token has its id in the model's vocabulary,
/// and those that are not in it are numbered from its end on, in the order of the file.
/// </summary>
internal sealed class AddedVocabulary
{
    private readonly Dictionary<int, string> _contentOfId = [];
    private readonly HashSet<int> _specialIds;

    /// <summary>Creates the vocabulary.</summary>
    /// <param name="entries">The tokens, with their ids where a format lets the file choose them.</param>
    /// <param name="vocabulary">The model's.</param>
    /// <param name="normalizer">Writes the tokens that are looked for in normalized text as that is written.</param>
    public AddedVocabulary(IReadOnlyList<(AddedToken Token, int? Id)> entries, Vocabulary vocabulary, Normalizer? normalizer)
    {
        var tokens = entries.Select(static entry => entry.Token).ToArray();
        var ids = new Dictionary<string, int>();
        var latest = new Dictionary<string, AddedToken>();
        foreach (var (token, given) in entries)
        {
            if (token.Content.Length == 0 || (latest.TryGetValue(token.Content, out var known) && known == token))
                continue;
            if (!ids.TryGetValue(token.Content, out var id))
                id = given ?? (vocabulary.IdOf(token.Content) is >= 0 and var inModel ? inModel : NextId(vocabulary));
            ids[token.Content] = id;
            latest[token.Content] = token;
            _contentOfId[id] = token.Content;
        }
        Ids = ids.ToFrozenDictionary();
        var special = tokens.Where(static token => token.Special).Select(static token => token.Content).ToHashSet();
        _specialIds = [.. ids.Where(pair => special.Contains(pair.Key)).Select(static pair => pair.Value)];
        var ordered = tokens.Where(token => ids.ContainsKey(token.Content)).DistinctBy(static token => token.Content)
            .OrderByDescending(token => special.Contains(token.Content))
            .Select(token => latest[token.Content])
            .ToArray();
        Verbatim = new AddedTokenFinder([.. ordered.Where(static token => !token.Normalized)], ids, static content => content);
        Normalized = new AddedTokenFinder(
            [.. ordered.Where(static token => token.Normalized)],
            ids,
            content => normalizer is null ? content : normalizer.Normalize(content));
        IdLimit = _contentOfId.Count == 0 ? 0 : _contentOfId.Keys.Max() + 1;
    }

    /// <summary>Gets the ids of the added tokens by their content.</summary>
    public FrozenDictionary<string, int> Ids { get; }

    /// <summary>Gets one more than the largest id of an added token.</summary>
    public int IdLimit { get; }

    /// <summary>Gets those that are found in the text as it came.</summary>
    public AddedTokenFinder Verbatim { get; }

    /// <summary>Gets those that are found after normalization.</summary>
    public AddedTokenFinder Normalized { get; }

    /// <summary>Gets the special ones.</summary>
    public IEnumerable<KeyValuePair<int, string>> Special => _contentOfId.Where(pair => _specialIds.Contains(pair.Key));

    public bool IsSpecial(int id) => _specialIds.Contains(id);

    public string? ContentOf(int id) => _contentOfId.GetValueOrDefault(id);

    private int NextId(Vocabulary vocabulary) =>
        Math.Max(vocabulary.Count, _contentOfId.Count == 0 ? 0 : _contentOfId.Keys.Max() + 1);
}
