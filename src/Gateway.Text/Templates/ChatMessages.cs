using System.Text;
using Gateway.Text.Templates.Library;
using Gateway.Text.Templates.Nodes;
using Gateway.Text.Templates.Values;

namespace Gateway.Text.Templates;

/// <summary>
/// Messages of OpenAI's API in the forms a template takes (<see cref="TemplateTraits"/>). A message that is right already is passed on as
/// it is; what is changed is a copy.
/// </summary>
internal static class ChatMessages
{
    public static Value Prepare(in Value messages, TemplateTraits traits)
    {
        if (messages.Kind != Kind.List)
            throw Error("messages must be an array");
        var prepared = new Value[messages.List.Count];
        for (var i = 0; i < prepared.Length; i++)
        {
            prepared[i] = messages.List[i].Kind == Kind.Dictionary
                ? Value.Of(Prepare(messages.List[i].Dictionary, traits))
                : throw Error($"messages[{i}] must be an object");
        }

        return Value.Of(new ListValue(prepared, isReadOnly: true));
    }

    private static DictionaryValue Prepare(DictionaryValue message, TemplateTraits traits)
    {
        var given = message.TryGet("content", out var content);
        var taken = Content(given ? content : Value.None, traits);
        var isSame = given && taken.Kind == content.Kind && ReferenceEquals(taken.Reference, content.Reference);
        var calls = message.TryGet("tool_calls", out var list) && list.Kind == Kind.List ? ToolCalls(list.List, traits) : null;
        var isDeveloper = !traits.TakesDeveloper && message.TryGet("role", out var role) && role is { Kind: Kind.String, Text: "developer" };
        if (isSame && calls is null && !isDeveloper)
            return message;
        var copy = message.Copy();
        if (isDeveloper)
            copy.Set(Value.Of("role"), Value.Of("system"));
        copy.Set(Value.Of("content"), taken);
        if (calls is not null)
            copy.Set(Value.Of("tool_calls"), Value.Of(calls));
        copy.Freeze();
        return copy;
    }

    private static Value Content(in Value content, TemplateTraits traits) => content.Kind switch
    {
        Kind.None => traits.TakesNull ? content : traits.TakesText ? Value.EmptyText : Value.Of(ListValue.Empty),
        Kind.String => traits.TakesText ? content : Value.Of(new ListValue([Part("text", content)], isReadOnly: true)),
        Kind.List => traits.Content == ContentFormat.Parts ? Parts(content) : Flatten(content.List),
        _ => throw Error("a message's content must be a string, an array of parts, or null"),
    };

    /// <summary>Text parts in a line each, as engines join them.</summary>
    private static Value Flatten(ListValue parts)
    {
        if (parts.Count == 1)
            return Text(parts[0]);
        using var joined = new PooledText();
        for (var i = 0; i < parts.Count; i++)
        {
            if (i > 0)
                joined.Write('\n');
            joined.Write(Text(parts[i]).Text);
        }

        return Value.Of(joined.ToString());
    }

    private static Value Text(in Value part)
    {
        if (part.IsString)
            return part;
        if (part.Kind == Kind.Dictionary
            && (part.Dictionary.TryGet("text", out var text) || part.Dictionary.TryGet("refusal", out text))
            && text.IsString)
        {
            return text;
        }

        throw Error($"the model's chat template takes text only, not a part of type '{Type(part)}'");
    }

    /// <summary>Templates know an image, a sound or a film by these types, and leave what is in it to the engine.</summary>
    private static Value Parts(in Value content)
    {
        var parts = content.List;
        Value[]? changed = null;
        for (var i = 0; i < parts.Count; i++)
        {
            var kind = Type(parts[i]) switch
            {
                "image_url" or "input_image" => "image",
                "video_url" => "video",
                "input_audio" or "audio_url" => "audio",
                _ => null,
            };
            if (kind is not null)
                (changed ??= parts.ToArray())[i] = Part(kind, default);
            else if (parts[i].IsString)
                (changed ??= parts.ToArray())[i] = Part("text", parts[i]);
        }

        return changed is null ? content : Value.Of(new ListValue(changed, isReadOnly: true));
    }

    private static string Type(in Value part) =>
        part.Kind == Kind.Dictionary && part.Dictionary.TryGet("type", out var type) && type.IsString ? type.Text : "";

    private static Value Part(string type, in Value text)
    {
        var part = new DictionaryValue(2);
        part.Set(Value.Of("type"), Value.Of(type));
        if (!text.IsMissing)
            part.Set(Value.Of("text"), text);
        part.Freeze();
        return Value.Of(part);
    }

    /// <summary>The calls with their arguments as the template takes them, or null if they are so already.</summary>
    private static ListValue? ToolCalls(ListValue calls, TemplateTraits traits)
    {
        Value[]? changed = null;
        for (var i = 0; i < calls.Count; i++)
        {
            if (calls[i].Kind != Kind.Dictionary
                || !calls[i].Dictionary.TryGet("function", out var function) || function.Kind != Kind.Dictionary
                || !function.Dictionary.TryGet("arguments", out var arguments)
                || Arguments(arguments, traits) is not { IsMissing: false } taken)
            {
                continue;
            }

            var callCopy = calls[i].Dictionary.Copy();
            var functionCopy = function.Dictionary.Copy();
            functionCopy.Set(Value.Of("arguments"), taken);
            functionCopy.Freeze();
            callCopy.Set(Value.Of("function"), Value.Of(functionCopy));
            callCopy.Freeze();
            (changed ??= calls.ToArray())[i] = Value.Of(callCopy);
        }

        return changed is null ? null : new ListValue(changed, isReadOnly: true);
    }

    /// <summary>Missing if they stay as they are, as a string does that is no JSON: a model wrote it, and it is to see what it wrote.</summary>
    private static Value Arguments(in Value arguments, TemplateTraits traits)
    {
        if (arguments.IsString && traits.TakesArgumentObjects)
        {
            if (arguments.Text.Length == 0)
                return Value.Of(new DictionaryValue(0, isReadOnly: true));
            try
            {
                return JsonValues.Read(Encoding.UTF8.GetBytes(arguments.Text)) is { Kind: Kind.Dictionary } parsed ? parsed : default;
            }
            catch (TemplateException)
            {
                return default;
            }
        }

        if (arguments.Kind != Kind.Dictionary || traits.TakesArgumentObjects)
            return default;
        using var text = new PooledText();
        var context = new RenderContext(text, [], TemplateLimits.Default, TimeProvider.System);
        new JsonWriter(context, text).Write(arguments);
        return Value.Of(text.ToString());
    }

    private static TemplateException Error(string message) => new(TemplateFailure.Runtime, message);
}
