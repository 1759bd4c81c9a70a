using System.Text.Json;
using Gateway.Simulator.Engine;

namespace Gateway.Simulator.Api;

/// <summary>
/// SGLang's log-probabilities of the tokens of prompt and answer. They are made up: the same for the same token at the same place,
/// so that those of a disaggregated pair are those of a regular worker.
/// </summary>
internal sealed class TokenLogprobs
{
    // Natural logarithms; less likely ones are rare in what a model says.
    private const double Least = -8;

    // SGLang's default: none of the prompt.
    private const int NoStart = -1;

    // Between alternatives; the token that was said is the likeliest.
    private const float Gap = 0.5f;

    private readonly int _start;
    private readonly bool _hasPrompt;
    private readonly int _top;
    private readonly int _vocabulary;

    private TokenLogprobs(int start, bool hasPrompt, int top, int vocabulary)
    {
        _start = start;
        _hasPrompt = hasPrompt;
        _top = top;
        _vocabulary = vocabulary;
    }

    /// <returns>Null if the request doesn't ask for them.</returns>
    /// <exception cref="ApiException">They are to start behind the end of a prompt.</exception>
    public static TokenLogprobs? Read(JsonElement request, SimulatorOptions options, IReadOnlyList<int[]> prompts)
    {
        if (!request.GetFlag("return_logprob"))
            return null;
        var start = request.GetNumber("logprob_start_len") ?? NoStart;
        if (prompts.Any(prompt => start >= prompt.Length))
            throw ApiException.Invalid("logprob_start_len", $"'logprob_start_len' is {start}, and a prompt has no more tokens than that.");
        // A decode worker has not seen the prompt; whoever pairs it takes them from the prefill worker.
        return new TokenLogprobs(
            start, hasPrompt: start >= 0 && options.Role != SimulatorRole.Decode, request.GetNumber("top_logprobs_num") ?? 0, options.VocabularySize);
    }

    /// <summary>Of a token at a place, counted from the first of the prompt.</summary>
    public static double ValueOf(int token, int position) => Math.Round(Least * PrefillOnly.Score([position, token], seed: 0), 6);

    /// <summary>Writes both as properties, the answer's as far as it has come.</summary>
    public void Write(Utf8JsonWriter json, AnswerChoice choice, int emitted)
    {
        var prompt = choice.Generation.Prompt;
        json.WriteStartArray("input_token_logprobs");
        for (var i = _start; _hasPrompt && i < prompt.Length; i++)
            WriteToken(json, prompt[i], i, isKnown: i > _start);
        json.WriteEndArray();
        json.WriteStartArray("output_token_logprobs");
        for (var i = 0; i < emitted; i++)
            WriteToken(json, choice.Answer.Tokens[i], prompt.Length + i, isKnown: true);
        json.WriteEndArray();
        if (_top > 0)
            WriteTops(json, prompt, choice.Answer.Tokens.AsSpan(0, emitted));
    }

    /// <summary>The likeliest tokens in the place of one, itself first.</summary>
    public static IEnumerable<(int Token, float Value)> TopOf(int token, float value, int top, int vocabulary) =>
        Enumerable.Range(0, top).Select(k => (k == 0 ? token : (int)(((uint)token + (uint)k) % (uint)vocabulary), value - (k * Gap)));

    private void WriteTops(Utf8JsonWriter json, int[] prompt, ReadOnlySpan<int> answer)
    {
        json.WriteStartArray("input_top_logprobs");
        for (var i = _start; _hasPrompt && i < prompt.Length; i++)
            WriteTop(json, prompt[i], i, isKnown: i > _start);
        json.WriteEndArray();
        json.WriteStartArray("output_top_logprobs");
        for (var i = 0; i < answer.Length; i++)
            WriteTop(json, answer[i], prompt.Length + i, isKnown: true);
        json.WriteEndArray();
    }

    private void WriteTop(Utf8JsonWriter json, int token, int position, bool isKnown)
    {
        if (!isKnown)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartArray();
        foreach (var (other, value) in TopOf(token, (float)ValueOf(token, position), _top, _vocabulary))
        {
            json.WriteStartArray();
            json.WriteNumberValue(value);
            json.WriteNumberValue(other);
            json.WriteNullValue();
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    /// <param name="isKnown">False for the first token: what comes before it was not looked at.</param>
    private static void WriteToken(Utf8JsonWriter json, int token, int position, bool isKnown)
    {
        json.WriteStartArray();
        if (isKnown)
            json.WriteNumberValue(ValueOf(token, position));
        else
            json.WriteNullValue();
        json.WriteNumberValue(token);
        // Its text, which SGLang gives only if it is asked to.
        json.WriteNullValue();
        json.WriteEndArray();
    }
}
