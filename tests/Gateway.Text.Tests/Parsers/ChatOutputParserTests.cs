using Gateway.Text.Parsers;

namespace Gateway.Text.Tests.Parsers;

public sealed class ChatOutputParserTests
{
    private const string Call = """<tool_call>{"name": "now", "arguments": {}}</tool_call>""";

    [Fact]
    public void Without_tools_in_the_request_no_call_is_looked_for() =>
        Assert.Equal(["content: \n" + Call], Parsing.Whole(Parsing.Speaking("qwen"), new(), "\n" + Call).Lines);

    [Fact]
    public void A_whole_answer_is_a_message()
    {
        var message = ChatOutputParser.Parse(Parsing.Thinking("base", "qwen"), Parsing.WithTools, "<think>Hm.</think>Yes." + Call);
        Assert.Equal(("Hm.", "Yes."), (message.Reasoning, message.Content));
        var call = Assert.Single(message.ToolCalls);
        Assert.Equal(("now", "{}", true), (call.Name, call.Arguments, call.Complete));
    }

    [Fact]
    public void An_answer_of_calls_alone_has_no_content()
    {
        var message = ChatOutputParser.Parse(Parsing.Speaking("qwen"), Parsing.WithTools, $"\n\n{Call}\n{Call}\n");
        Assert.Null(message.Content);
        Assert.Null(message.Reasoning);
        Assert.Equal(2, message.ToolCalls.Count);
    }

    [Theory]
    [InlineData(Call, "stop", "tool_calls")]
    [InlineData(Call, "length", "length")]
    [InlineData("No.", "stop", "stop")]
    [InlineData("""<tool_call>{"name": "now", "arguments": {"a": """, "stop", "stop")]
    public void An_answer_ends_for_its_calls_if_one_is_whole_and_it_was_not_cut(string text, string engine, string client)
    {
        var parser = new ChatOutputParser(Parsing.Speaking("qwen"), Parsing.WithTools, new EventLog());
        parser.Push(text);
        parser.Finish();
        Assert.Equal(client, parser.FinishReason(engine));
    }

    [Fact]
    public void Under_a_schema_of_calls_the_answer_is_JSON_whatever_the_model_speaks() =>
        Assert.Equal(
            ["reasoning: Hm.", """call get_weather {"city":"Paris"}"""],
            Parsing.Whole(
                Parsing.Thinking("base", "deepseek"),
                Parsing.WithTools with { CallsAreJson = true },
                """<think>Hm.</think>[{"name":"get_weather","parameters":{"city":"Paris"}}]""").Lines);

    [Theory]
    [InlineData("qwen", Call, "^call_[A-Za-z0-9]{24}$")]
    [InlineData("mistral", "[TOOL_CALLS]now[ARGS]{}", "^[A-Za-z0-9]{9}$")]
    [InlineData("mistral", "[TOOL_CALLS]now[CALL_ID]a1B2c3D4e[ARGS]{}", "^a1B2c3D4e$")]
    [InlineData("mistral", """[TOOL_CALLS][{"id": "a1B2c3D4e", "name": "now", "arguments": {}}]""", "^a1B2c3D4e$")]
    [InlineData("kimik2", "<|tool_call_begin|>functions.now:7<|tool_call_argument_begin|>{}<|tool_call_end|>", "^functions.now:7$")]
    [InlineData("kimik2", "<|tool_call_begin|>now<|tool_call_argument_begin|>{}<|tool_call_end|>", "^functions.now:0$")]
    [InlineData("cohere", """<|START_ACTION|>[{"tool_call_id": "0", "tool_name": "now", "parameters": {}}]<|END_ACTION|>""", "^call_[A-Za-z0-9]{24}$")]
    public void Ids_are_what_the_model_will_want_to_see_again(string dialect, string text, string id)
    {
        var log = Parsing.Whole(Parsing.Speaking(dialect), Parsing.WithTools, text);
        Assert.Matches(id, Assert.Single(log.Ids));
    }

    [Fact]
    public void Arguments_are_streamed_while_they_come()
    {
        var log = new EventLog();
        var parser = new ChatOutputParser(Parsing.Speaking("qwen"), Parsing.WithTools, log);
        parser.Push("""<tool_call>{"name": "search", "arguments": {"que""");
        Assert.Equal(["""call search {"que"""], log.Lines);
        parser.Push("""ry": "ab""");
        Assert.Equal(["""call search {"query": "ab"""], log.Lines);
    }

    [Fact]
    public void A_string_is_streamed_also_where_its_dialect_is_no_JSON()
    {
        var log = new EventLog();
        var parser = new ChatOutputParser(Parsing.Speaking("qwen_xml"), Parsing.WithTools, log);
        parser.Push("<tool_call>\n<function=search>\n<parameter=query>\nab");
        Assert.Equal(["""call search {"query":"ab"""], log.Lines);
    }
}
