using System.Net;
using Gateway.Host.Tests.Support;

namespace Gateway.Host.Tests.Serving;

public class ForwardingTests
{
    [Fact]
    public async Task A_body_reaches_the_engine_as_the_same_bytes_and_the_answer_comes_back()
    {
        await using var engine = await EngineStandIn.StartAsync(context => EngineStandIn.AnswerJsonAsync(context, """{"id":"x"}"""));
        await using var gateway = await TestGateway.StartAsync(null, engine);
        var body = $$"""{ "stream" : false, "messages":[{"content":"\u00e9 {[\"\\"}], "model":"{{TestGateway.Model}}" }""";

        using var response = await gateway.PostAsync("/v1/chat/completions", body);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("""{"id":"x"}""", await response.Content.ReadAsStringAsync());
        Assert.Equal(body, engine.Seen.Single().Body);
    }
}
