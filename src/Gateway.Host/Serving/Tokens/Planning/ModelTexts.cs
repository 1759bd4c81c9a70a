using Gateway.Actors.Registry;
using Gateway.Host.Api;
using Gateway.Host.Configuration;
using Gateway.Host.Serving.Tokens.Texts;
using Gateway.Text.Tokenizers;

namespace Gateway.Host.Serving.Tokens.Planning;

/// <summary>
/// What is known of the text of each model, as requests see it: one volatile reference to a table that never changes. How texts come into it,
/// <see cref="TextKeeper"/> knows.
/// </summary>
internal sealed class ModelTexts
{
    private TextTable _table;

    private ModelTexts(ConfiguredTexts configured, TextOptions options)
    {
        IsFetching = !options.DisableFetching;
        Cache = options is { PromptCacheBytes: 0, SegmentCacheBytes: 0 } ? null : new TokenizerCache(options.PromptCacheBytes, options.SegmentCacheBytes);
        _table = new TextTable(configured, IsFetching);
    }

    /// <summary>Ids of texts seen before, for all models together; null if it is turned off.</summary>
    public TokenizerCache? Cache { get; }

    /// <summary>True if workers are asked for what nobody has configured.</summary>
    public bool IsFetching { get; }

    /// <summary>One volatile read. Take it once for a request, and use that.</summary>
    public TextTable Table => Volatile.Read(ref _table);

    /// <summary>Reads the files that the operator has named.</summary>
    /// <exception cref="ConfigurationException">One of them cannot be read.</exception>
    public static ModelTexts Load(GatewayOptions options) => new(ConfiguredTexts.Load(options), options.Text);

    /// <returns>Null if nothing is known of the model's text.</returns>
    public ModelText? Find(ModelSnapshot model) => Table.Find(model).Text;

    /// <summary>What to tell the client of a model whose text is not known.</summary>
    public GatewayError WhyNone(ModelSnapshot model) =>
        IsFetching && TextTable.TakesTokens(model) && Table.Find(model).Entry is not { Status: TextStatus.Failed }
            ? GatewayError.TokenizerLoading
            : GatewayError.TokenizerUnavailable;

    /// <summary>For <see cref="TextKeeper"/> alone.</summary>
    public void Publish(TextTable table) => Volatile.Write(ref _table, table);
}
