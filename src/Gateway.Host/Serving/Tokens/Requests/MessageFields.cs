using System.Text.Json;

namespace Gateway.Host.Serving.Tokens.Requests;

/// <summary>Checks the messages of a chat, as far as a template would not, and collects their images.</summary>
internal static class MessageFields
{
    private static readonly string[] Roles = ["system", "developer", "user", "assistant", "tool", "function"];

    private static readonly string[] PartTypes = ["text", "refusal", "image_url"];

    /// <returns>Images: http(s) URLs or data URLs.</returns>
    public static IReadOnlyList<string> Read(FieldReader fields, JsonElement messages)
    {
        List<string>? images = null;
        var index = 0;
        foreach (var message in messages.EnumerateArray())
        {
            var path = $"messages[{index++}]";
            if (message.ValueKind != JsonValueKind.Object)
            {
                fields.Refuse(FieldError.WrongType(path, "an object", message));
                return [];
            }

            var member = new FieldReader(message, path + ".");
            var role = member.Text("role");
            if (role is null)
                member.Refuse(FieldError.Missing(path + ".role"));
            else if (Array.IndexOf(Roles, role) < 0)
                member.Refuse(FieldError.NotAmong(path + ".role", role, Roles));
            ReadContent(member, path, role, ref images);
            if (member.Error is { } error)
            {
                fields.Refuse(error);
                return [];
            }
        }

        return images ?? (IReadOnlyList<string>)[];
    }

    private static void ReadContent(FieldReader message, string path, string? role, ref List<string>? images)
    {
        if (message.Find("content") is not { } content)
        {
            // Only an answer may be all calls.
            if (role is "system" or "developer" or "user")
                message.Refuse(FieldError.Missing(path + ".content"));
            return;
        }

        if (content.ValueKind == JsonValueKind.String)
            return;
        if (content.ValueKind != JsonValueKind.Array)
        {
            message.Refuse(FieldError.WrongType(path + ".content", "a string or an array of content parts", content));
            return;
        }

        var index = 0;
        foreach (var part in content.EnumerateArray())
        {
            var place = $"{path}.content[{index++}]";
            if (part.ValueKind != JsonValueKind.Object)
                message.Refuse(FieldError.WrongType(place, "an object", part));
            else if (ReadPart(new FieldReader(part, place + "."), place, ref images) is { } error)
                message.Refuse(error);
            if (message.Error is not null)
                return;
        }
    }

    private static Api.GatewayError? ReadPart(FieldReader part, string place, ref List<string>? images)
    {
        var type = part.Text("type");
        if (type is null)
            part.Refuse(FieldError.Missing(place + ".type"));
        else if (Array.IndexOf(PartTypes, type) < 0)
            part.Refuse(FieldError.NotAmong(place + ".type", type, PartTypes));
        else if (type != "image_url")
            RequireText(part, place, type == "text" ? "text" : "refusal");
        else if (Image(part, place) is { } image)
            (images ??= []).Add(image);
        return part.Error;
    }

    private static void RequireText(FieldReader part, string place, string name)
    {
        if (part.Text(name) is null)
            part.Refuse(FieldError.Missing($"{place}.{name}"));
    }

    private static string? Image(FieldReader part, string place)
    {
        if (part.Object("image_url") is not { } json)
        {
            part.Refuse(FieldError.Missing(place + ".image_url"));
            return null;
        }

        var image = new FieldReader(json, place + ".image_url.");
        var url = image.Text("url");
        if (url is null)
            image.Refuse(FieldError.Missing(place + ".image_url.url"));
        else if (!IsImage(url))
            image.Refuse(FieldError.Invalid(place + ".image_url.url", "Invalid image: expected an http or https URL, or a data URL in base64."));
        if (image.Error is { } error)
            part.Refuse(error);
        return url;
    }

    private static bool IsImage(string url) =>
        url.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
        || url.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
        || (url.StartsWith("data:", StringComparison.OrdinalIgnoreCase) && url.Contains(";base64,", StringComparison.OrdinalIgnoreCase));
}
