using System.Text.Json;

namespace Gateway.Host.Serving.Tokens.Requests;

/// <summary>Checks the messages of a chat, as far as a template would not.</summary>
internal static class MessageFields
{
    private static readonly string[] Roles = ["system", "developer", "user", "assistant", "tool", "function"];

    public static void Check(FieldReader fields, JsonElement messages)
    {
        var index = 0;
        foreach (var message in messages.EnumerateArray())
        {
            var path = $"messages[{index++}]";
            if (message.ValueKind != JsonValueKind.Object)
            {
                fields.Refuse(FieldError.WrongType(path, "an object", message));
                return;
            }

            var member = new FieldReader(message, path + ".");
            var role = member.Text("role");
            if (role is null)
                member.Refuse(FieldError.Missing(path + ".role"));
            else if (Array.IndexOf(Roles, role) < 0)
                member.Refuse(FieldError.NotAmong(path + ".role", role, Roles));
            CheckContent(member, path);
            if (member.Error is { } error)
            {
                fields.Refuse(error);
                return;
            }
        }
    }

    private static void CheckContent(FieldReader message, string path)
    {
        if (message.Find("content") is not { } content || content.ValueKind == JsonValueKind.String)
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
            {
                message.Refuse(FieldError.WrongType(place, "an object", part));
                return;
            }

            if (!part.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String)
                message.Refuse(FieldError.Missing(place + ".type"));
            else if (!type.ValueEquals("text"u8))
                message.Refuse(FieldError.Unsupported(place + ".type", "Only content of type 'text' is supported for this model."));
        }
    }
}
