using System.Text.Json;

namespace Gateway.Text.Templates;

/// <summary>
/// A model's templates. Most have one; some have a list of them by name, of which <c>tool_use</c> is for requests with tools and
/// <c>rag</c> for those with documents.
/// </summary>
public sealed class ChatTemplateSet
{
    private const string DefaultName = "default";

    private readonly Dictionary<string, ChatTemplate> _named = new(StringComparer.Ordinal);

    public ChatTemplateSet(ChatTemplate template) => _named[DefaultName] = template;

    private ChatTemplateSet()
    {
    }

    /// <summary>Compiles what <c>chat_template</c> is in <c>tokenizer_config.json</c>: a string, or a list of objects with a name and a template.</summary>
    /// <exception cref="TemplateException">It is neither, or one of them cannot be compiled.</exception>
    public static ChatTemplateSet Read(JsonElement chatTemplate)
    {
        var set = new ChatTemplateSet();
        if (chatTemplate.ValueKind == JsonValueKind.String)
            set._named[DefaultName] = ChatTemplate.Compile(chatTemplate.GetString()!);
        if (chatTemplate.ValueKind == JsonValueKind.Array)
        {
            foreach (var entry in chatTemplate.EnumerateArray())
                set._named[Text(entry, "name")] = ChatTemplate.Compile(Text(entry, "template"));
        }

        return set._named.Count > 0
            ? set
            : throw new TemplateException(TemplateFailure.Syntax, "chat_template is neither a string nor a list of named templates");
    }

    /// <summary>Compiles templates by their names.</summary>
    /// <exception cref="TemplateException">One of them cannot be compiled.</exception>
    public static ChatTemplateSet Compile(IReadOnlyDictionary<string, string> sources)
    {
        var set = new ChatTemplateSet();
        foreach (var (name, source) in sources)
            set._named[name] = ChatTemplate.Compile(source);
        return set;
    }

    /// <summary>The template for a request, by what it brings.</summary>
    /// <exception cref="TemplateException">None of the model's templates is for such a request.</exception>
    public ChatTemplate Choose(bool hasTools, bool hasDocuments)
    {
        if (hasTools && _named.TryGetValue("tool_use", out var template))
            return template;
        if (hasDocuments && _named.TryGetValue("rag", out template))
            return template;
        return _named.TryGetValue(DefaultName, out template)
            ? template
            : throw new TemplateException(TemplateFailure.Runtime, "the model has named chat templates, and none is the default");
    }

    private static string Text(JsonElement entry, string name) =>
        entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw new TemplateException(TemplateFailure.Syntax, $"an entry of chat_template has no {name}");
}
