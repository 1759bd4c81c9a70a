using System.Text.Json;
using Gateway.Text.Templates;

namespace Gateway.Text.Tests.Templates;

/// <summary>
/// Each snippet does what Jinja2 3.1 does with it under Python, in the sandbox that transformers makes: see
/// <c>tests/template-parity/reference.py</c>. Where that fails so must this, in words of its own.
/// </summary>
public sealed class ReferenceTests
{
    public static TheoryData<int, string> Snippets()
    {
        var snippets = new TheoryData<int, string>();
        foreach (var (index, snippet) in ParityFolder.Read("snippets.json").EnumerateArray().Index())
            snippets.Add(index, snippet.GetString()!);
        return snippets;
    }

    [Theory]
    [MemberData(nameof(Snippets))]
    public void A_snippet_gives_what_Jinja2_gives(int index, string snippet)
    {
        var expected = Reference[index];
        var variables = Context;
        if (expected.ValueKind == JsonValueKind.String)
            Assert.Equal(expected.GetString(), Rendering.Render(snippet, variables));
        else
            Assert.Throws<TemplateException>(() => Rendering.Render(snippet, variables));
    }

    [Fact]
    public void There_is_a_reference_for_each_snippet() =>
        Assert.Equal(ParityFolder.Read("snippets.json").GetArrayLength(), Reference.GetArrayLength());

    private static JsonElement Reference { get; } = ParityFolder.Read("reference.json");

    private static string Context { get; } = ParityFolder.Read("context.json").GetRawText();
}
