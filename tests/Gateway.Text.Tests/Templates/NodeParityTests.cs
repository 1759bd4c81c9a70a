using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.Text.Templates;
using Xunit.Abstractions;

namespace Gateway.Text.Tests.Templates;

/// <summary>
/// The templates of real models, and some in the style of others, over some hundred conversations, against two interpreters:
/// <c>@huggingface/jinja</c>, which runs here (Node.js 20 or later), and Jinja2, whose answers are kept in
/// <c>reference-conversations.json</c>. Where those two differ Jinja2 is right, since models are trained with it. The one in JavaScript
/// <list type="bullet">
/// <item>prints lists and objects as JSON, and none as nothing;</item>
/// <item>strips white space, whatever characters <c>strip</c> is told to strip;</item>
/// <item>adds a string and anything else, where Python refuses;</item>
/// <item>refuses many filters on what they are not made for, where Jinja2 prints it first;</item>
/// <item>finds nothing in a list or an object that is equal but not the same;</item>
/// <item>asks for an attribute of what is undefined without an error, if it is the last item of an empty list.</item>
/// </list>
/// </summary>
public sealed class NodeParityTests(ITestOutputHelper output)
{
    /// <summary>Of some 670 conversations for each template: those on which all three agree. Fewer means that something was lost.</summary>
    private const int AgreedAtLeast = 400;

    [Fact]
    public async Task Every_template_gives_the_prompts_that_the_reference_gives()
    {
        var rendered = await Rendered.Value;
        var reference = ParityFolder.Read("reference-conversations.json");
        string[] conversations = [.. rendered.GetProperty("conversations").EnumerateArray().Select(static each => each.GetString()!)];
        Assert.Equal(Digest(string.Join('\n', conversations)), reference.GetProperty("conversations").GetString());
        foreach (var template in rendered.GetProperty("templates").EnumerateArray())
        {
            var name = template.GetProperty("name").GetString()!;
            var digests = reference.GetProperty(name).GetString()!.Split(' ');
            string?[] results = [.. template.GetProperty("results").EnumerateArray().Select(static result => result.GetString())];
            var agreed = Compare(template, conversations, digests, results);
            output.WriteLine($"{name}: {conversations.Length} as Jinja2, {agreed} of them as @huggingface/jinja too");
            Assert.True(agreed >= AgreedAtLeast, $"{name}: only {agreed} conversations give the same in all three");
        }
    }

    [Fact]
    public async Task Snippets_that_differ_in_JavaScript_differ_from_Jinja2_too()
    {
        var rendered = await Rendered.Value;
        var snippets = ParityFolder.Read("snippets.json");
        var reference = ParityFolder.Read("reference.json");
        var context = ParityFolder.Read("context.json").GetRawText();
        var agreed = 0;
        foreach (var (index, result) in rendered.GetProperty("snippets").EnumerateArray().Index())
        {
            var ours = Attempt(() => Rendering.Render(snippets[index].GetString()!, context));
            if (ours == result.GetString())
                agreed++;
            else
                Assert.Equal(reference[index].ValueKind == JsonValueKind.String ? reference[index].GetString() : null, ours);
        }

        output.WriteLine($"{agreed} of {snippets.GetArrayLength()} snippets give the same in all three");
        Assert.True(agreed > snippets.GetArrayLength() / 2);
    }

    [Theory]
    [InlineData("qwen3", ContentFormat.Text, false, true)]
    [InlineData("deepseek_v3", ContentFormat.Text, true, false)]
    [InlineData("llama3_1", ContentFormat.Text, false, true)]
    [InlineData("gemma3", ContentFormat.Parts, false, false)]
    [InlineData("kimi-style", ContentFormat.Parts, true, true)]
    [InlineData("glm-style", ContentFormat.Parts, false, true)]
    [InlineData("harmony-style", ContentFormat.Text, true, true)]
    [InlineData("mistral-style", ContentFormat.Text, true, true)]
    public async Task A_real_template_is_asked_what_it_takes(string name, ContentFormat content, bool none, bool objects)
    {
        var source = (await Rendered.Value).GetProperty("templates").EnumerateArray()
            .First(template => template.GetProperty("name").GetString() == name).GetProperty("source").GetString()!;
        var traits = ChatTemplate.Compile(source).Traits;
        Assert.Equal((content, true, none, objects), (traits.Content, traits.TakesText, traits.TakesNull, traits.TakesArgumentObjects));
    }

    private static int Compare(JsonElement template, string[] conversations, string[] digests, string?[] results)
    {
        var name = template.GetProperty("name").GetString();
        var compiled = ChatTemplate.Compile(template.GetProperty("source").GetString()!);
        var tokens = new SpecialTokens(template.GetProperty("tokens").EnumerateObject()
            .Select(static token => KeyValuePair.Create(token.Name, token.Value.GetString())));
        Assert.Equal(conversations.Length, digests.Length);
        var agreed = 0;
        for (var i = 0; i < conversations.Length; i++)
        {
            var ours = Attempt(() => Render(compiled, tokens, conversations[i]));
            Assert.True(
                digests[i] == (ours is null ? "error" : Digest(ours)),
                $"{name} differs from Jinja2 for {conversations[i]}:\n{ours ?? "error"}\n\nin JavaScript it is\n{results[i] ?? "error"}");
            agreed += ours == results[i] ? 1 : 0;
        }

        return agreed;
    }

    private static string Render(ChatTemplate template, SpecialTokens tokens, string conversation)
    {
        using var prompt = new PooledText();
        var given = JsonElement.Parse(conversation);
        template.Render(
            new ChatTemplateInput
            {
                Messages = Encoding.UTF8.GetBytes(given.GetProperty("messages").GetRawText()),
                Arguments = Encoding.UTF8.GetBytes(conversation),
                SpecialTokens = tokens,
            },
            prompt);
        return prompt.ToString();
    }

    private static string? Attempt(Func<string> render)
    {
        try
        {
            return render();
        }
        catch (TemplateException)
        {
            return null;
        }
    }

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12];

    /// <summary>Once for all tests: it takes some seconds.</summary>
    private static Lazy<Task<JsonElement>> Rendered { get; } = new(static async () =>
    {
        var file = Path.GetTempFileName();
        try
        {
            await RunAsync("npm", "ci", "--no-audit", "--no-fund");
            await RunAsync("node", "render.mjs", file);
            return JsonElement.Parse(await File.ReadAllBytesAsync(file));
        }
        finally
        {
            File.Delete(file);
        }
    });

    private static async Task RunAsync(string command, params string[] arguments)
    {
        var (code, said) = await Command.RunAsync(ParityFolder.Path, command, arguments);
        Assert.True(code == 0, $"{command} failed: {said}");
    }
}
