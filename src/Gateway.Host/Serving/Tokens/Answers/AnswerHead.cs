using System.Text.Json;

namespace Gateway.Host.Serving.Tokens.Answers;

/// <summary>What each chunk of a stream and each whole answer begins with.</summary>
/// <param name="id">The request's id.</param>
/// <param name="created">When the answer began.</param>
/// <param name="model">As the client named it.</param>
internal sealed class AnswerHead(string id, DateTimeOffset created, string model)
{
    // Escaped once, for a stream writes them with each token.
    private readonly JsonEncodedText _id = JsonEncodedText.Encode(id, AnswerJson.Encoder);
    private readonly JsonEncodedText _model = JsonEncodedText.Encode(model, AnswerJson.Encoder);
    private readonly long _created = created.ToUnixTimeSeconds();

    /// <param name="kind">OpenAI's <c>object</c>.</param>
    public void Write(Utf8JsonWriter json, ReadOnlySpan<byte> kind)
    {
        json.WriteString("id"u8, _id);
        json.WriteString("object"u8, kind);
        json.WriteNumber("created"u8, _created);
        json.WriteString("model"u8, _model);
    }
}
