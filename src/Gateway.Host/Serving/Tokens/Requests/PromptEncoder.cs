using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Gateway.Text.Tokenizers;

namespace Gateway.Host.Serving.Tokens.Requests;

/// <summary>Makes tokens of the prompts of one request.</summary>
/// <param name="Tokenizer">The model's.</param>
/// <param name="Cache">Tokens of prompts seen before; null if none are kept.</param>
/// <param name="Cancellation">Ends the work on a long prompt.</param>
internal readonly record struct PromptEncoder(Tokenizer Tokenizer, TokenizerCache? Cache, CancellationToken Cancellation)
{
    /// <summary>Makes tokens of a prompt as the request has it; a long one becomes no string on the way.</summary>
    /// <param name="text">A string.</param>
    public int[] Encode(JsonElement text)
    {
        var raw = JsonMarshal.GetRawUtf8Value(text);
        var characters = ArrayPool<char>.Shared.Rent(raw.Length);
        try
        {
            var reader = new Utf8JsonReader(raw);
            reader.Read();
            return Encode(characters.AsSpan(0, reader.CopyString(characters)), addSpecialTokens: true);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(characters);
        }
    }

    /// <param name="text">The prompt.</param>
    /// <param name="addSpecialTokens">False if they are written in it, as a chat template does.</param>
    public int[] Encode(ReadOnlySpan<char> text, bool addSpecialTokens)
    {
        using var ids = new TokenBuffer();
        Tokenizer.Encode(text, addSpecialTokens, ids, Cache, Cancellation);
        return ids.Ids.ToArray();
    }
}
