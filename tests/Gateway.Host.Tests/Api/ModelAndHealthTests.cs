using System.Net;
using System.Text.Json;
using Gateway.Actors.Workers;
using Gateway.Host.Tests.Support;

namespace Gateway.Host.Tests.Api;

public class ModelAndHealthTests
{
    [Fact]
    public async Task The_models_of_the_snapshot_are_listed()
    {
        await using var gateway = await TestGateway.StartAsync();
        gateway.Add("http://127.0.0.1:1");
        gateway.Add("http://127.0.0.1:2", spec => spec with { Models = [new ModelCard("b", MaxModelLength: 4096)] });

        using var document = JsonDocument.Parse(await gateway.Client.GetStringAsync("/v1/models"));

        Assert.Equal("list", document.RootElement.GetProperty("object").GetString());
        var data = document.RootElement.GetProperty("data").EnumerateArray().ToList();
        Assert.Equal(["b", TestGateway.Model], data.Select(model => model.GetProperty("id").GetString()));
        Assert.All(data, model => Assert.Equal("model", model.GetProperty("object").GetString()));
        Assert.Equal(4096, data[0].GetProperty("max_model_len").GetInt32());
    }

    [Theory]
    [InlineData("/v1/models/org/llama-3.1")]
    [InlineData("/v1/models/org%2Fllama-3.1")]
    [InlineData("/v1/models/llama")]
    public async Task A_model_is_found_by_its_id_with_slashes_and_by_its_alias(string path)
    {
        await using var gateway = await TestGateway.StartAsync();
        gateway.Add("http://127.0.0.1:1");

        using var document = JsonDocument.Parse(await gateway.Client.GetStringAsync(path));
        using var unknown = await gateway.Client.GetAsync("/v1/models/none");

        Assert.Equal(TestGateway.Model, document.RootElement.GetProperty("id").GetString());
        await ApiAssert.ErrorAsync(unknown, 404, "model_not_found");
    }

    [Fact]
    public async Task It_is_alive_always_and_ready_with_a_ready_worker()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var health = await gateway.Client.GetAsync("/health");
        using var notYet = await gateway.Client.GetAsync("/readiness");
        var worker = gateway.Add("http://127.0.0.1:1");
        gateway.Add("http://127.0.0.1:2");
        gateway.Publish([worker]);
        using var ready = await gateway.Client.GetAsync("/readiness");

        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, notYet.StatusCode);
        Assert.Equal("""{"status":"not ready","reason":"insufficient healthy workers"}""", await notYet.Content.ReadAsStringAsync());
        Assert.Equal("""{"status":"ready","healthy_workers":1,"total_workers":2}""", await ready.Content.ReadAsStringAsync());
    }
}
