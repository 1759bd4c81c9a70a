using System.Text.Json;
using Gateway.Text.Parsers;
using Gateway.Text.Parsers.Constraints;

namespace Gateway.Text.Tests.Parsers;

public sealed class OutputConstraintsTests
{
    private static readonly IReadOnlyList<ToolDefinition> _tools =
        [Parsing.Tool("f", """{"properties":{"a":{"type":"string"}},"required":["a"]}"""), new("g")];

    [Theory]
    [InlineData("null", null, null)]
    [InlineData("""{"type":"text"}""", null, null)]
    [InlineData("""{"type":"json_object"}""", OutputConstraintKind.JsonObject, "")]
    [InlineData("""{"type":"json_schema","json_schema":{"name":"x","schema":{"type":"object"}}}""", OutputConstraintKind.JsonSchema, """{"type":"object"}""")]
    [InlineData("""{"type":"structural_tag","structures":[]}""", OutputConstraintKind.StructuralTag, """{"type":"structural_tag","structures":[]}""")]
    public void A_response_format_is_a_constraint(string format, OutputConstraintKind? kind, string? text)
    {
        var constraint = Plan(new() { ResponseFormat = Json(format) }).Constraint;
        Assert.Equal((kind, text), (constraint?.Kind, constraint?.Text));
    }

    [Fact]
    public void An_expression_and_a_grammar_are_constraints()
    {
        Assert.Equal(new(OutputConstraintKind.Regex, "a+"), Plan(new() { Regex = "a+" }).Constraint);
        Assert.Equal(new(OutputConstraintKind.Ebnf, "root ::= \"a\""), Plan(new() { Ebnf = "root ::= \"a\"" }).Constraint);
    }

    [Fact]
    public void A_demanded_call_is_a_schema_of_an_array_of_calls()
    {
        var plan = Plan(new() { ToolChoice = Json("\"required\""), Tools = _tools });
        Assert.True(plan.CallsAreJson);
        Assert.Equal(
            """{"type":"array","minItems":1,"items":{"type":"object","anyOf":["""
            + """{"type":"object","properties":{"name":{"type":"string","enum":["f"]},"parameters":{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}},"required":["name","parameters"]},"""
            + """{"type":"object","properties":{"name":{"type":"string","enum":["g"]},"parameters":{"type":"object"}},"required":["name","parameters"]}"""
            + "]}}",
            plan.Constraint!.Text);
    }

    [Fact]
    public void Without_parallel_calls_the_array_has_one() =>
        Assert.Contains(
            "\"maxItems\":1",
            Plan(new() { ToolChoice = Json("\"required\""), Tools = _tools, ParallelToolCalls = false }).Constraint!.Text,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"type":"function","function":{"name":"g"}}""")]
    [InlineData("""{"type":"function","name":"g"}""")]
    public void A_named_function_is_the_only_one_and_called_once(string choice)
    {
        var plan = Plan(new() { ToolChoice = Json(choice), Tools = _tools });
        Assert.Equal(new(ToolChoiceKind.Named, "g"), plan.ToolChoice);
        Assert.Equal("g", Assert.Single(plan.Tools).Name);
        Assert.Contains("\"maxItems\":1", plan.Constraint!.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("\"f\"", plan.Constraint.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_tools_schema_refers_to_moves_to_the_root()
    {
        var plan = Plan(new() { ToolChoice = Json("\"required\""), Tools = Parsing.Tools });
        var schema = Json(plan.Constraint!.Text);
        Assert.Equal("object", schema.GetProperty("$defs").GetProperty("filters").GetProperty("type").GetString());
        Assert.DoesNotContain("$defs\":", schema.GetProperty("items").GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Some_tools_may_be_allowed()
    {
        var plan = Plan(new()
        {
            ToolChoice = Json("""{"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[{"type":"function","function":{"name":"f"}}]}}"""),
            Tools = _tools,
        });
        Assert.Equal((ToolChoiceKind.Auto, null), (plan.ToolChoice.Kind, plan.Constraint));
        Assert.Equal("f", Assert.Single(plan.Tools).Name);
    }

    [Fact]
    public void Forbidden_calls_leave_no_tools() =>
        Assert.Empty(Plan(new() { ToolChoice = Json("\"none\""), Tools = _tools }).Tools);

    [Fact]
    public void With_tools_and_no_choice_the_model_chooses()
    {
        var plan = Plan(new() { Tools = _tools, ResponseFormat = Json("""{"type":"json_object"}""") });
        Assert.Equal((ToolChoiceKind.Auto, 2, false), (plan.ToolChoice.Kind, plan.Tools.Count, plan.CallsAreJson));
        Assert.Equal(OutputConstraintKind.JsonObject, plan.Constraint!.Kind);
    }

    [Fact]
    public void Harmony_is_not_forced_into_a_schema()
    {
        var plan = Plan(new() { ToolChoice = Json("\"required\""), Tools = _tools, IsHarmony = true });
        Assert.Equal((null, false, ToolChoiceKind.Required), (plan.Constraint, plan.CallsAreJson, plan.ToolChoice.Kind));
    }

    [Theory]
    [InlineData("\"maybe\"", null, null, "tool_choice must be none, auto or required, not 'maybe'")]
    [InlineData("7", null, null, "tool_choice must be none, auto, required, or an object of type function or allowed_tools")]
    [InlineData("""{"type":"function"}""", null, null, "tool_choice must name a function")]
    [InlineData("""{"type":"function","function":{"name":"h"}}""", null, null, "tool_choice names the function 'h', which is not among the tools")]
    [InlineData("""{"type":"allowed_tools","allowed_tools":{"mode":"x","tools":[{"name":"f"}]}}""", null, null, "tool_choice.allowed_tools.mode must be auto or required, not 'x'")]
    [InlineData("""{"type":"allowed_tools","mode":"auto","tools":[]}""", null, null, "tool_choice.allowed_tools.tools must name at least one function")]
    [InlineData("\"required\"", """{"type":"json_object"}""", null, "response_format cannot constrain the output when tool_choice demands a call")]
    [InlineData("null", """{"type":"json_object"}""", "a+", "response_format and regex cannot both constrain the output")]
    [InlineData("null", """{"type":"yaml"}""", null, "response_format.type must be one of text, json_object, json_schema, structural_tag")]
    [InlineData("null", "\"json_object\"", null, "response_format.type must be one of text, json_object, json_schema, structural_tag")]
    [InlineData("null", """{"type":"json_schema","json_schema":{"name":"x"}}""", null, "response_format.json_schema.schema must be a JSON schema")]
    public void What_cannot_be_is_told(string choice, string? format, string? regex, string message)
    {
        var request = new OutputRequest
        {
            ToolChoice = Json(choice),
            ResponseFormat = format is null ? null : Json(format),
            Regex = regex,
            Tools = _tools,
        };
        Assert.False(OutputConstraints.TryFrom(request, out _, out var error));
        Assert.Equal(message, error);
    }

    [Fact]
    public void A_demanded_call_without_tools_is_told()
    {
        Assert.False(OutputConstraints.TryFrom(new() { ToolChoice = Json("\"required\"") }, out _, out var error));
        Assert.Equal("tool_choice is required, but the request has no tools", error);
    }

    [Fact]
    public void Definitions_that_contradict_each_other_are_told()
    {
        ToolDefinition[] tools =
        [
            Parsing.Tool("a", """{"$defs":{"x":{"type":"string"}}}"""),
            Parsing.Tool("b", """{"$defs":{"x":{"type":"number"}}}"""),
        ];
        Assert.False(OutputConstraints.TryFrom(new() { ToolChoice = Json("\"required\""), Tools = tools }, out _, out var error));
        Assert.Contains("'x'", error, StringComparison.Ordinal);
    }

    private static OutputPlan Plan(OutputRequest request)
    {
        Assert.True(OutputConstraints.TryFrom(request, out var plan, out var error), error);
        return plan!;
    }

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
