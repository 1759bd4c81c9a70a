using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Gateway.Actors.Workers;

namespace Gateway.Host.Commands.Bench;

/// <summary>A request as any OpenAI client sends it.</summary>
internal static class BenchRequest
{
    public static HttpRequestMessage Make(BenchPlan plan, string prompt, Secret? key)
    {
        var body = new JsonObject { ["model"] = plan.Model, ["max_tokens"] = plan.MaxTokens };
        if (plan.IsChat)
            body["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = prompt });
        else
            body["prompt"] = prompt;
        if (plan.IsStreamed)
        {
            body["stream"] = true;
            body["stream_options"] = new JsonObject { ["include_usage"] = true };
        }

        var content = new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(body.ToJsonString()));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(plan.Path, UriKind.Relative)) { Content = content };
        if (key is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key.Reveal());
        return request;
    }
}
