using System.Text;
using System.Text.Json;
using Gateway.Actors.Engines.Generation;

namespace Gateway.Host.Serving.Tokens.Answers;

/// <summary>Log-probabilities in the two forms of the OpenAI API.</summary>
/// <param name="textOf">The text of a token alone; bytes that are no whole character become U+FFFD.</param>
/// <param name="isHidden">True for a token that is not seen in an answer's text; null if all are.</param>
internal sealed class LogprobJson(Func<int, string> textOf, Func<int, bool>? isHidden = null)
{
    /// <summary>What stands for a probability of zero.</summary>
    private const float Least = -9999;

    /// <summary>Chat's: <c>{"content": [...]}</c>.</summary>
    public void WriteChat(Utf8JsonWriter json, IReadOnlyList<TokenLogprob> tokens)
    {
        json.WriteStartObject("logprobs"u8);
        json.WriteStartArray("content"u8);
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            json.WriteStartObject();
            WriteToken(json, token.Token, token.Logprob);
            json.WriteStartArray("top_logprobs"u8);
            for (var j = 0; j < token.Top.Count; j++)
            {
                json.WriteStartObject();
                WriteToken(json, token.Top[j].Token, token.Top[j].Logprob);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNull("refusal"u8);
        json.WriteEndObject();
    }

    /// <summary>The older one, of completions: four arrays side by side.</summary>
    /// <param name="offset">Characters of the choice's text before the first token.</param>
    /// <returns>The same after the last one.</returns>
    public int WriteCompletion(Utf8JsonWriter json, IReadOnlyList<TokenLogprob> tokens, int offset)
    {
        json.WriteStartObject("logprobs"u8);
        json.WriteStartArray("text_offset"u8);
        for (var i = 0; i < tokens.Count; i++)
        {
            json.WriteNumberValue(offset);
            offset += isHidden?.Invoke(tokens[i].Token) == true ? 0 : textOf(tokens[i].Token).Length;
        }

        json.WriteEndArray();
        json.WriteStartArray("token_logprobs"u8);
        for (var i = 0; i < tokens.Count; i++)
            WriteValue(json, tokens[i].Logprob);
        json.WriteEndArray();
        json.WriteStartArray("tokens"u8);
        for (var i = 0; i < tokens.Count; i++)
            json.WriteStringValue(textOf(tokens[i].Token));
        json.WriteEndArray();
        json.WriteStartArray("top_logprobs"u8);
        for (var i = 0; i < tokens.Count; i++)
            WriteTop(json, tokens[i]);
        json.WriteEndArray();
        json.WriteEndObject();
        return offset;
    }

    private void WriteTop(Utf8JsonWriter json, in TokenLogprob token)
    {
        // The first token of a prompt has none at all.
        if (token.Logprob is null)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        for (var i = 0; i < token.Top.Count; i++)
            json.WriteNumber(textOf(token.Top[i].Token), Finite(token.Top[i].Logprob));
        json.WriteEndObject();
    }

    private void WriteToken(Utf8JsonWriter json, int token, float? logprob)
    {
        var text = textOf(token);
        json.WriteString("token"u8, text);
        json.WritePropertyName("logprob"u8);
        WriteValue(json, logprob);
        json.WriteStartArray("bytes"u8);
        foreach (var value in Encoding.UTF8.GetBytes(text))
            json.WriteNumberValue(value);
        json.WriteEndArray();
    }

    private static void WriteValue(Utf8JsonWriter json, float? logprob)
    {
        if (logprob is { } value)
            json.WriteNumberValue(Finite(value));
        else
            json.WriteNullValue();
    }

    /// <summary>JSON has no infinity.</summary>
    private static float Finite(float logprob) => float.IsFinite(logprob) ? logprob : Least;
}
