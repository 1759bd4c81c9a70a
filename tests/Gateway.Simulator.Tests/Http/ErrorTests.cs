using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace Gateway.Simulator.Tests.Http;

public sealed class ErrorTests
{
    [Theory]
    [InlineData("""{"model":"other","messages":[{"role":"user","content":"x"}]}""", HttpStatusCode.NotFound, "model_not_found")]
    [InlineData("""{"model":"sim-8b","messages":[""", HttpStatusCode.BadRequest, "invalid_json")]
    [InlineData("""{"model":"sim-8b"}""", HttpStatusCode.BadRequest, "invalid_value")]
    [InlineData("""{"model":"sim-8b","messages":[]}""", HttpStatusCode.BadRequest, "invalid_value")]
    [InlineData("""{"model":"sim-8b","messages":"x"}""", HttpStatusCode.BadRequest, "invalid_value")]
    [InlineData("""{"model":"sim-8b","messages":[1]}""", HttpStatusCode.BadRequest, "invalid_value")]
    [InlineData("""{"model":7,"messages":[{"role":"user","content":"x"}]}""", HttpStatusCode.BadRequest, "invalid_value")]
    [InlineData("""{"messages":[{"role":"user","content":"x"}],"max_tokens":0}""", HttpStatusCode.BadRequest, "invalid_value")]
    [InlineData("""{"messages":[{"role":"user","content":"x"}],"n":0}""", HttpStatusCode.BadRequest, "invalid_value")]
    [InlineData("""{"messages":[{"role":"user","content":"x"}],"stop":5}""", HttpStatusCode.BadRequest, "invalid_value")]
    [InlineData("[]", HttpStatusCode.BadRequest, "invalid_value")]
    [InlineData("", HttpStatusCode.BadRequest, "invalid_json")]
    [InlineData(
        """{"messages":[{"role":"user","content":"a b c d e f g h i j k l m n o p q r s t u v w x y z"}]}""",
        HttpStatusCode.BadRequest,
        "context_length_exceeded")]
    public async Task Bad_input_is_answered_with_an_error_in_OpenAIs_shape(string body, HttpStatusCode status, string code)
    {
        await using var worker = await SimulatedWorker.StartAsync(
            new SimulatorOptions { Timings = EngineTimings.Instant, MaxModelLength = 20 });
        using var client = new WorkerClient(worker);

        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await client.Http.PostAsync(new Uri("/v1/chat/completions", UriKind.Relative), content);

        Assert.Equal(status, response.StatusCode);
        var error = (await response.Content.ReadFromJsonAsync<JsonNode>())!["error"]!;
        Assert.Equal(code, (string?)error["code"]);
        Assert.NotEmpty((string)error["message"]!);
        Assert.EndsWith("_error", (string?)error["type"]);
        Assert.Equal(0, worker.Stats.Started);
    }
}
