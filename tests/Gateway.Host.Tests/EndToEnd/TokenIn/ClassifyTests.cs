using System.Net;
using System.Text;
using System.Text.Json;
using Gateway.Wire.SgLang;

namespace Gateway.Host.Tests.EndToEnd.TokenIn;

/// <summary>Classes from engines that take tokens.</summary>
public sealed class ClassifyTests
{
    [Fact]
    public async Task Each_text_has_its_likeliest_class_and_how_likely_each_is()
    {
        await using var gateway = await TokenInGateway.StartAsync(prepare: static engine => engine.Model.Id2LabelJson = """{"0":"bad","1":"good"}""");
        gateway.Engines[0].OnEmbed = static (request, _) => Task.FromResult(
            request.Tokenized.InputIds[0] == 'a'
                ? new EmbedResponse { Embedding = { 0, MathF.Log(3) }, PromptTokens = 1 }
                : new EmbedResponse { Embedding = { 1000, 1000, 1000, 1001 }, PromptTokens = 1 });

        using var response = await ClassifyAsync(gateway, "\"input\":[\"a\",\"b\"]");

        var json = await JsonAsync(response);
        Assert.Equal(["id", "object", "created", "model", "data", "usage"], json.EnumerateObject().Select(static property => property.Name));
        Assert.Equal(2, json.GetProperty("usage").GetProperty("total_tokens").GetInt32());
        var data = json.GetProperty("data").EnumerateArray().ToArray();
        Assert.Equal(["index", "label", "probs", "num_classes"], data[0].EnumerateObject().Select(static property => property.Name));
        Assert.Equal((0, "good", 2), (data[0].GetProperty("index").GetInt32(), data[0].GetProperty("label").GetString(), data[0].GetProperty("num_classes").GetInt32()));
        Assert.Equal([0.25, 0.75], data[0].GetProperty("probs").EnumerateArray().Select(static value => Math.Round(value.GetDouble(), 5)));
        Assert.Equal((1, "LABEL_3", 4), (data[1].GetProperty("index").GetInt32(), data[1].GetProperty("label").GetString(), data[1].GetProperty("num_classes").GetInt32()));
        Assert.Equal(1, data[1].GetProperty("probs").EnumerateArray().Sum(static value => value.GetDouble()), 5);
    }

    [Fact]
    public async Task A_text_is_needed()
    {
        await using var gateway = await TokenInGateway.StartAsync();

        using var response = await ClassifyAsync(gateway, "\"x\":1");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("\"param\":\"input\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static Task<HttpResponseMessage> ClassifyAsync(TokenInGateway gateway, string members) => gateway.Client.PostAsync(
        new Uri("/v1/classify", UriKind.Relative), new StringContent($$"""{"model":"m",{{members}}}""", Encoding.UTF8, "application/json"));

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, text);
        return JsonDocument.Parse(text).RootElement;
    }
}
