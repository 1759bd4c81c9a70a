using System.Net;
using System.Text.Json;
using Gateway.Actors.Tests.Support.Fakes;
using Gateway.Actors.Workers;
using Gateway.Host.Configuration;

namespace Gateway.Host.Tests.EndToEnd.Texts;

/// <summary>Tokenizers that operators give and take while the gateway runs.</summary>
public sealed class TokenizerEndpointTests : IDisposable
{
    private readonly string _folder = ByteTokenizer.Folder(offset: 1000);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_registered_tokenizer_serves_the_model_of_its_name_until_it_is_removed()
    {
        var engine = new FakeSgLang();
        await using var gateway = await TextGateway.StartAsync(static options => options with { Text = options.Text with { DisableFetching = true } }, engine);

        var registered = await TextGateway.AnswerAsync(RegisterAsync(gateway, "m", _folder), HttpStatusCode.Created);
        using var served = await gateway.CompleteAsync();
        var id = registered.GetProperty("id").GetString();
        using var removed = await gateway.Client.DeleteAsync($"/v1/tokenizers/{id}");
        using var after = await gateway.CompleteAsync();

        Assert.Equal(("m", _folder, "api", "ready", 1256), (Text(registered, "name"), Text(registered, "source"), Text(registered, "origin"), Text(registered, "status"), registered.GetProperty("vocab_size").GetInt32()));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable), (served.StatusCode, removed.StatusCode, after.StatusCode));
        Assert.Equal(ByteTokenizer.Tokens("Hi", offset: 1000), engine.Requests.Single().Tokenized.InputIds);
    }

    [Fact]
    public async Task It_goes_before_the_one_that_workers_gave()
    {
        var engine = new FakeSgLang { OnGetTokenizer = ByteTokenizer.GiveAsync };
        await using var gateway = await TextGateway.StartAsync(engine);
        await gateway.UntilKnownAsync();

        await TextGateway.AnswerAsync(RegisterAsync(gateway, "m", _folder), HttpStatusCode.Created);

        Assert.Equal("[1072,1105]", (await gateway.AskAsync("/v1/tokenize", """{"model":"m","prompt":"Hi"}""")).GetProperty("tokens").GetRawText());
    }

    [Fact]
    public async Task A_name_without_a_model_can_be_asked_for_tokens()
    {
        await using var gateway = await TextGateway.StartAsync();

        await TextGateway.AnswerAsync(RegisterAsync(gateway, "org/other", _folder), HttpStatusCode.Created);

        Assert.Equal(2, (await gateway.AskAsync("/v1/tokenize", """{"model":"org/other","prompt":"Hi"}""")).GetProperty("count").GetInt32());
        Assert.Equal("org/other", Text(await gateway.GetAsync("/v1/tokenizers/org%2Fother"), "name"));
    }

    [Fact]
    public async Task All_are_listed_with_where_they_come_from_and_how_they_stand()
    {
        var giving = new TaskCompletionSource();
        await using var gateway = await TextGateway.StartAsync(
            options => options with { Models = [new ModelOptions { Id = "configured", TokenizerPath = _folder }] },
            new FakeSgLang { OnGetTokenizer = _ => giving.Task });
        await TextGateway.AnswerAsync(RegisterAsync(gateway, "registered", _folder), HttpStatusCode.Created);

        var list = (await gateway.GetAsync("/v1/tokenizers")).GetProperty("tokenizers").EnumerateArray().ToList();

        Assert.Equal(
            [("configured", "configuration", "ready"), ("m", "worker", "loading"), ("registered", "api", "ready")],
            list.Select(static item => (Text(item, "name"), Text(item, "origin"), Text(item, "status"))));
        Assert.Equal("loading", Text(await gateway.GetAsync($"/v1/tokenizers/{Text(list[1], "id")}/status"), "status"));
        giving.SetResult();
    }

    [Fact]
    public async Task One_that_workers_gave_is_asked_for_anew_when_it_is_removed()
    {
        var asked = 0;
        await using var gateway = await TextGateway.StartAsync(new FakeSgLang
        {
            OnGetTokenizer = answer =>
            {
                Interlocked.Increment(ref asked);
                return ByteTokenizer.GiveAsync(answer);
            },
        });
        await gateway.UntilKnownAsync();

        using var removed = await gateway.Client.DeleteAsync("/v1/tokenizers/m");
        await gateway.UntilKnownAsync();

        Assert.Equal((HttpStatusCode.OK, 2), (removed.StatusCode, asked));
    }

    [Fact]
    public async Task One_that_is_configured_stays()
    {
        await using var gateway = await TextGateway.StartAsync(options => options with { Text = options.Text with { TokenizerPath = _folder } });
        var id = Text((await gateway.GetAsync("/v1/tokenizers")).GetProperty("tokenizers")[0], "id");

        var refused = await TextGateway.AnswerAsync(gateway.Client.DeleteAsync($"/v1/tokenizers/{id}"), HttpStatusCode.Conflict);

        Assert.Equal("TOKENIZER_CONFIGURED", Text(refused, "code"));
    }

    [Fact]
    public async Task A_name_has_one()
    {
        await using var gateway = await TextGateway.StartAsync();
        await TextGateway.AnswerAsync(RegisterAsync(gateway, "m", _folder), HttpStatusCode.Created);

        var refused = await TextGateway.AnswerAsync(RegisterAsync(gateway, "m", _folder), HttpStatusCode.Conflict);

        Assert.Equal("TOKENIZER_ALREADY_EXISTS", Text(refused, "code"));
    }

    [Theory]
    [InlineData("""{"source":"FOLDER"}""", "name: is missing")]
    [InlineData("""{"name":"a\nb","source":"FOLDER"}""", "name: must be at most 256 characters")]
    [InlineData("""{"name":"a"}""", "source: is missing")]
    [InlineData("""{"name":"a","source":"meta-llama/Llama-3.1-8B"}""", "source: must be the whole path")]
    [InlineData("""{"name":"a","source":"/nowhere/at/all"}""", "source: '/nowhere/at/all' does not exist")]
    [InlineData("""{"name":"a","source":"FOLDER/.."}""", "source: ")]
    [InlineData("""{"name":"a","source":"FOLDER","chat_template_path":"FOLDER/none"}""", "chat_template_path: ")]
    [InlineData("""{"name":"a","source":"FOLDER","reasoning_parser":"fancy"}""", "reasoning_parser: unknown reasoning parser 'fancy'")]
    [InlineData("""{"name":"a","source":"FOLDER","sources":"x"}""", "sources: unknown field; did you mean source?")]
    public async Task What_makes_no_sense_is_refused_with_the_field_that_is_wrong(string json, string beginning)
    {
        await using var gateway = await TextGateway.StartAsync();
        var body = json.Replace("FOLDER", _folder, StringComparison.Ordinal);

        var refused = await TextGateway.AnswerAsync(gateway.PostAsync("/v1/tokenizers", body), HttpStatusCode.BadRequest);

        Assert.StartsWith(beginning, Text(refused, "error"), StringComparison.Ordinal);
        Assert.Empty((await gateway.GetAsync("/v1/tokenizers")).GetProperty("tokenizers").EnumerateArray());
    }

    [Fact]
    public async Task They_are_the_operators_business()
    {
        await using var gateway = await TextGateway.StartAsync(static options => options with { Security = new SecurityOptions { ControlPlaneApiKey = new Secret("key") } });

        using var list = await gateway.Client.GetAsync("/v1/tokenizers");
        using var register = await RegisterAsync(gateway, "m", _folder);
        using var unknown = await gateway.Client.DeleteAsync("/v1/tokenizers/none");

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (list.StatusCode, register.StatusCode, unknown.StatusCode));
    }

    private static Task<HttpResponseMessage> RegisterAsync(TextGateway gateway, string name, string source) =>
        gateway.PostAsync("/v1/tokenizers", JsonSerializer.Serialize(new { name, source }));

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
