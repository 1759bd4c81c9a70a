using System.Buffers;
using System.Text.Json;
using Gateway.Actors.Workers;

namespace Gateway.Host.Serving.Pairs;

/// <summary>
/// What both halves of an SGLang pair are told so that they meet: where the prefill worker's bootstrap server is, and a room in it that
/// nobody else has. Of a batch each prompt has a room of its own, and all three are arrays
/// (SGLang, <c>GenerateReqInput._normalize_bootstrap_params</c>).
/// </summary>
internal static class PairBootstrap
{
    /// <summary>Bytes; enough for a prompt. A batch makes it grow.</summary>
    private const int UsualLength = 160;

    private enum Field
    {
        Host,
        Port,
        Room,
    }

    /// <summary>JSON members with a comma before each.</summary>
    /// <param name="prefill">Whose bootstrap server it is. If nobody has said its port, SGLang is told null, and takes its default.</param>
    /// <param name="prompts">Null for a single prompt, else how many the batch has.</param>
    public static ReadOnlyMemory<byte> Members(Worker prefill, int? prompts)
    {
        var bytes = new ArrayBufferWriter<byte>(UsualLength);
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WritePropertyName("bootstrap_host"u8);
            Write(json, Field.Host, prefill, prompts);
            json.WritePropertyName("bootstrap_port"u8);
            Write(json, Field.Port, prefill, prompts);
            json.WritePropertyName("bootstrap_room"u8);
            Write(json, Field.Room, prefill, prompts);
            json.WriteEndObject();
        }

        // The opening brace makes room for the comma, the closing one stays behind.
        var members = bytes.WrittenSpan[..^1].ToArray();
        members[0] = (byte)',';
        return members;
    }

    private static void Write(Utf8JsonWriter json, Field field, Worker prefill, int? prompts)
    {
        if (prompts is null)
        {
            Write(json, field, prefill);
            return;
        }

        json.WriteStartArray();
        for (var i = 0; i < prompts; i++)
            Write(json, field, prefill);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, Field field, Worker prefill)
    {
        if (field == Field.Host)
            json.WriteStringValue(prefill.Spec.Url.Address.Host);
        else if (field == Field.Room)
            json.WriteNumberValue(Random.Shared.NextInt64());
        else if (prefill.Spec.BootstrapPort is { } port)
            json.WriteNumberValue(port);
        else
            json.WriteNullValue();
    }
}
