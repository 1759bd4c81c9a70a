using System.Net.Http.Json;
using System.Text.Json;
using Gateway.Host.Tests.EndToEnd;
using Gateway.Host.Tests.Support;

namespace Gateway.Host.Tests.Deploy;

/// <summary>The one file finds in itself all that it needs: the actor system's configuration, the simulated engines, .NET's native libraries.</summary>
public sealed class PublishedGatewayTests
{
    private static readonly Uri Chat = new("/v1/chat/completions", UriKind.Relative);

    private static readonly Uri Readiness = new("/readiness", UriKind.Relative);

    private static readonly object[] Hello = [new { role = "user", content = "Hello" }];

    [Fact]
    public async Task What_is_published_is_one_file() =>
        Assert.Equal(PublishedGateway.FileName, Path.GetFileName(Assert.Single(Directory.GetFileSystemEntries(await PublishedGateway.FolderAsync()))));

    [Fact]
    public async Task It_answers_a_chat_with_what_it_has_in_itself_and_ends_with_0_when_told_to_stop()
    {
        var folder = await PublishedGateway.FolderAsync();
        var (gateway, client) = await GatewayProcess.StartFileListeningAsync(Path.Combine(folder, PublishedGateway.FileName), "--simulate", "2");
        await using var _ = gateway;
        using var __ = client;
        await Eventually.HoldsAsync(() => client.GetAsync(Readiness).GetAwaiter().GetResult().IsSuccessStatusCode, "it is ready");
        using var answer = await client.PostAsJsonAsync(Chat, new { model = "sim-8b", max_tokens = 4, ignore_eos = true, messages = Hello });

        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(4, body.GetProperty("usage").GetProperty("completion_tokens").GetInt32());

        gateway.Terminate();
        Assert.Equal(0, await gateway.ExitAsync());
    }
}
