using System.Collections.ObjectModel;
using Gateway.Text.Parsers;
using Gateway.Text.Templates;
using Gateway.Text.Tokenizers;

namespace Gateway.Host.Serving.Tokens.Planning;

/// <summary>Reads what a model's files say of its text.</summary>
internal static class ModelTextReader
{
    /// <summary>What <c>tokenizer_config.json</c> may name, and templates use.</summary>
    private static readonly string[] TokenNames = ["bos_token", "eos_token", "unk_token", "pad_token", "sep_token", "cls_token", "mask_token"];

    /// <param name="path">A folder with a model's files, or a <c>tokenizer.json</c> alone, which has no template.</param>
    /// <param name="chatTemplate">A file with a template that replaces the folder's; or null.</param>
    /// <param name="format">What the model's answers look like.</param>
    /// <exception cref="TokenizerFormatException">There is no tokenizer, or it is broken.</exception>
    /// <exception cref="TemplateException">A template does not compile.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static ModelText Read(string path, string? chatTemplate, ChatOutputFormat format)
    {
        if (!Directory.Exists(path))
            return new ModelText(TokenizerLoader.LoadJson(path), TemplatesIn(chatTemplate, ReadOnlyDictionary<string, string>.Empty), new SpecialTokens([]), format);
        var folder = TokenizerFolder.Open(path);
        return new ModelText(
            folder.LoadTokenizer(),
            TemplatesIn(chatTemplate, folder.ChatTemplates),
            new SpecialTokens([.. TokenNames.Select(name => KeyValuePair.Create(name, folder.TokenNamed(name)))]),
            format);
    }

    private static ChatTemplateSet? TemplatesIn(string? file, IReadOnlyDictionary<string, string> named)
    {
        if (file is not null)
            return new ChatTemplateSet(ChatTemplate.Compile(File.ReadAllText(file)));
        return named.Count > 0 ? ChatTemplateSet.Compile(named) : null;
    }
}
