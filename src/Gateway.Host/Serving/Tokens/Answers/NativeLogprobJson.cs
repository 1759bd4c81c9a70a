using System.Text.Json;
using Gateway.Actors.Engines.Generation;

namespace Gateway.Host.Serving.Tokens.Answers;

/// <summary>Log-probabilities as SGLang's own API has them: each is a list of the number, the token's id, and its text or null.</summary>
/// <param name="hasTop">True if the client wants the alternatives too.</param>
/// <param name="textOf">The text of a token; null if the client does not want it.</param>
internal sealed class NativeLogprobJson(bool hasTop, Func<int, string>? textOf)
{
    public void Write(Utf8JsonWriter json, NativeChoice choice)
    {
        WriteTokens(json, "input_token_logprobs"u8, choice.PromptLogprobs);
        WriteTokens(json, "output_token_logprobs"u8, choice.Logprobs);
        if (!hasTop)
            return;
        WriteTops(json, "input_top_logprobs"u8, choice.PromptLogprobs);
        WriteTops(json, "output_top_logprobs"u8, choice.Logprobs);
    }

    private void WriteTokens(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<TokenLogprob> tokens)
    {
        json.WriteStartArray(name);
        for (var i = 0; i < tokens.Count; i++)
            Write(json, tokens[i].Token, tokens[i].Logprob);
        json.WriteEndArray();
    }

    private void WriteTops(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<TokenLogprob> tokens)
    {
        json.WriteStartArray(name);
        for (var i = 0; i < tokens.Count; i++)
        {
            // The first token of a prompt has none at all.
            if (tokens[i].Logprob is null)
            {
                json.WriteNullValue();
                continue;
            }

            json.WriteStartArray();
            for (var j = 0; j < tokens[i].Top.Count; j++)
                Write(json, tokens[i].Top[j].Token, tokens[i].Top[j].Logprob);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private void Write(Utf8JsonWriter json, int token, float? logprob)
    {
        json.WriteStartArray();
        AnswerJson.WriteFinite(json, logprob ?? float.NaN);
        json.WriteNumberValue(token);
        if (textOf is null)
            json.WriteNullValue();
        else
            json.WriteStringValue(textOf(token));
        json.WriteEndArray();
    }
}
