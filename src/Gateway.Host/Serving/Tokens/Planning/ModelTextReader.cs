using Gateway.Host.Serving.Tokens.Texts;
using Gateway.Text.Templates;
using Gateway.Text.Tokenizers;

namespace Gateway.Host.Serving.Tokens.Planning;

/// <summary>Reads what a model's files say of its text.</summary>
internal static class ModelTextReader
{
    /// <summary>What <c>tokenizer_config.json</c> may name, and templates use.</summary>
    private static readonly string[] TokenNames = ["bos_token", "eos_token", "unk_token", "pad_token", "sep_token", "cls_token", "mask_token"];

    /// <param name="path">A folder with a model's files, or a <c>tokenizer.json</c> alone, which has no template.</param>
    /// <exception cref="Exception">One that <see cref="IsBadFile"/>.</exception>
    public static TextFiles Read(string path)
    {
        if (!Directory.Exists(path))
            return new TextFiles(TokenizerLoader.LoadJson(path), Templates: null, new SpecialTokens([]));
        var folder = TokenizerFolder.Open(path);
        return new TextFiles(
            folder.LoadTokenizer(),
            folder.ChatTemplates.Count > 0 ? ChatTemplateSet.Compile(folder.ChatTemplates) : null,
            new SpecialTokens([.. TokenNames.Select(name => KeyValuePair.Create(name, folder.TokenNamed(name)))]));
    }

    /// <summary>Reads a file with a template alone.</summary>
    /// <exception cref="Exception">One that <see cref="IsBadFile"/>.</exception>
    public static ChatTemplateSet ReadTemplate(string path) => new(ChatTemplate.Compile(File.ReadAllText(path)));

    /// <summary>
    /// True if a file cannot be read, is no tokenizer, is broken, or has a template that does not compile: its owner's fault, not the gateway's.
    /// </summary>
    public static bool IsBadFile(Exception failure) =>
        failure is IOException or UnauthorizedAccessException or TokenizerFormatException or TemplateException;
}
