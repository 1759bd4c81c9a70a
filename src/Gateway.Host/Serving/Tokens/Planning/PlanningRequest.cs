using System.Text.Json;
using Gateway.Host.Serving.Tokens.Answers;

namespace Gateway.Host.Serving.Tokens.Planning;

/// <summary>What a planner is given.</summary>
/// <param name="Exchange">The request and what is known of it.</param>
/// <param name="Json">Its body; gone when the plan is made.</param>
/// <param name="Text">The model's.</param>
/// <param name="Model">The model as the client named it: it compares.</param>
/// <param name="Time">The gateway's clock.</param>
internal readonly record struct PlanningRequest(Exchange Exchange, JsonElement Json, ModelText Text, string Model, TimeProvider Time)
{
    /// <summary>What the answer begins with.</summary>
    public AnswerHead Head => new(Exchange.RequestId, Time.GetUtcNow(), Model);
}
