using Gateway.Simulator.Api;
using Gateway.Simulator.Engine;

namespace Gateway.Simulator.Grpc;

/// <summary>The log-probability of a token and of its alternatives, made up.</summary>
/// <param name="Value">Null for the first token that was looked at.</param>
/// <param name="Top">The most likely ones, the token itself first.</param>
internal readonly record struct TokenLogprob(int Token, float? Value, IReadOnlyList<(int Token, float Value)> Top)
{
    public static IReadOnlyList<TokenLogprob> OfAnswer(AnswerChoice choice, int from, int to, int top, int vocabulary) =>
        [.. Enumerable.Range(from, to - from).Select(i => Of(choice.Answer.Tokens[i], choice.Generation.Prompt.Length + i, top, vocabulary))];

    public static IReadOnlyList<TokenLogprob> OfPrompt(Generation generation, int start, int top, int vocabulary) =>
        [.. Enumerable.Range(start, Math.Max(0, generation.Prompt.Length - start)).Select(i =>
            i == start ? new TokenLogprob(generation.Prompt[i], null, []) : Of(generation.Prompt[i], i, top, vocabulary))];

    private static TokenLogprob Of(int token, int position, int top, int vocabulary)
    {
        var value = (float)TokenLogprobs.ValueOf(token, position);
        return new TokenLogprob(token, value, [.. TokenLogprobs.TopOf(token, value, top, vocabulary)]);
    }
}
