using System.Net;
using Gateway.Actors.Tests.Support.Fakes;
using Gateway.Host.Composition;
using Gateway.Host.Configuration;
using Gateway.Host.Serving.Tokens.Planning;
using Gateway.Text.Parsers;

namespace Gateway.Host.Tests.EndToEnd.Texts;

/// <summary>What operators say of the text of single models goes before what they say of all, and that before what workers give.</summary>
public sealed class ConfiguredTextTests : IDisposable
{
    private readonly string _common = ByteTokenizer.Folder(chatTemplate: "common");
    private readonly string _own = ByteTokenizer.Folder(offset: 1000, chatTemplate: "own");
    private readonly string _template = Path.GetTempFileName();

    public void Dispose()
    {
        Directory.Delete(_common, recursive: true);
        Directory.Delete(_own, recursive: true);
        File.Delete(_template);
    }

    [Fact]
    public async Task A_model_has_its_own_tokenizer_and_the_others_the_common_one()
    {
        var (a, b) = (Engine("a"), Engine("b"));
        await using var gateway = await TextGateway.StartAsync(
            options => options with
            {
                Text = options.Text with { TokenizerPath = Path.Combine(_common, "tokenizer.json") },
                Models = [new ModelOptions { Id = "a", TokenizerPath = _own }],
            },
            a,
            b);

        using var toA = await gateway.CompleteAsync("Hi", "a");
        using var toB = await gateway.CompleteAsync("Hi", "b");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (toA.StatusCode, toB.StatusCode));
        Assert.Equal(ByteTokenizer.Tokens("Hi", offset: 1000), a.Requests.Single().Tokenized.InputIds);
        Assert.Equal(ByteTokenizer.Tokens("Hi"), b.Requests.Single().Tokenized.InputIds);
    }

    [Fact]
    public async Task A_model_has_its_own_template_and_parsers_whoever_gives_its_tokenizer()
    {
        File.WriteAllText(_template, "mine");
        var engine = Engine("a");
        engine.OnGetTokenizer = ByteTokenizer.GiveAsync;
        await using var gateway = await TextGateway.StartAsync(
            options => options with
            {
                Text = options.Text with { ReasoningParser = "kimi", ToolCallParser = "json" },
                Models = [new ModelOptions { Id = "a", ChatTemplate = _template, ReasoningParser = "qwen3" }],
            },
            engine);
        await gateway.UntilKnownAsync("a");

        var text = gateway.Texts.Find(gateway.View.Current.Models["a"])!;

        Assert.Equal(ChatOutputFormat.For("a", "qwen3", "json"), text.Format);
        Assert.NotNull(text.Templates);
    }

    [Fact]
    public async Task What_the_engine_says_of_its_model_tells_the_format_of_answers()
    {
        var engine = Engine("a");
        engine.Model.Architectures.Clear();
        engine.Model.Architectures.Add("GptOssForCausalLM");
        await using var gateway = await TextGateway.StartAsync(options => options with { Text = options.Text with { TokenizerPath = _common } }, engine);

        Assert.True(gateway.Texts.Find(gateway.View.Current.Models["a"])!.Format.IsHarmony);
    }

    [Fact]
    public void Finding_a_models_text_allocates_nothing_once_the_fleet_has_been_seen()
    {
        // Pinned by RegistryRead in benches for the registry; here for the table that hangs behind it.
        var texts = ModelTexts.Load(new GatewayOptions { Text = new TextOptions { TokenizerPath = _common } });
        var model = TextScene.Model("a");
        texts.Publish(texts.Table.For(TextScene.Fleet(model)));
        Assert.Same(texts.Find(model), texts.Find(model));

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            texts.Find(model);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_model_that_nobody_has_seen_yet_has_its_configured_text_all_the_same()
    {
        var texts = ModelTexts.Load(new GatewayOptions { Text = new TextOptions { TokenizerPath = _common } });

        Assert.NotNull(texts.Find(TextScene.Model("a")));
    }

    [Theory]
    [InlineData("tokenizer_path: /nowhere", "models.a.tokenizer_path: ")]
    [InlineData("tokenizer_path: BROKEN", "models.a.tokenizer_path: ")]
    [InlineData("chat_template: /nowhere", "models.a.chat_template: ")]
    [InlineData("chat_template: BROKEN", "models.a.chat_template: ")]
    public void A_bad_file_ends_the_start_with_one_line_that_names_the_key(string setting, string beginning)
    {
        File.WriteAllText(_template, "{% if %}");
        using var file = new Tests.Configuration.TemporaryFile($"models:\n  a: {{ {setting.Replace("BROKEN", _template, StringComparison.Ordinal)} }}\n");

        var failure = Assert.Throws<ConfigurationException>(() => GatewayApplication.Create(Tests.Configuration.Load.Options($"--config {file.Path}")));

        Assert.StartsWith(beginning, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }

    private static FakeSgLang Engine(string model)
    {
        var engine = new FakeSgLang();
        engine.Model.ServedModelName = model;
        return engine;
    }
}
