using System.Text.Json;
using Gateway.Host.Serving.Tokens.Answers;
using Gateway.Host.Serving.Tokens.Requests;
using Gateway.Text.Tokenizers;

namespace Gateway.Host.Serving.Tokens.Planning;

/// <summary>What a planner is given.</summary>
/// <param name="Exchange">The request and what is known of it.</param>
/// <param name="Json">Its body; gone when the plan is made.</param>
/// <param name="Body">What <paramref name="Json"/> was parsed from.</param>
/// <param name="Text">The model's.</param>
/// <param name="Cache">Tokens of prompts seen before; null if none are kept.</param>
/// <param name="Model">The model as the client named it: it compares.</param>
/// <param name="Time">The gateway's clock.</param>
internal readonly record struct PlanningRequest(
    Exchange Exchange, JsonElement Json, ReadOnlyMemory<byte> Body, ModelText Text, TokenizerCache? Cache, string Model, TimeProvider Time)
{
    /// <summary>Makes tokens of its prompts, as long as its client is there.</summary>
    public PromptEncoder Encoder => new(Text.Tokenizer, Cache, Exchange.Context.RequestAborted);

    /// <summary>What the answer begins with.</summary>
    public AnswerHead Head => new(Exchange.RequestId, Time.GetUtcNow(), Model);
}
