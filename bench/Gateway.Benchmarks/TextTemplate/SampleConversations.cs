using System.Text.Json;

namespace Gateway.Benchmarks.TextTemplate;

/// <summary>Conversations as requests bring them, as JSON: what a template is rendered for.</summary>
internal static class SampleConversations
{
    private const string Sentence = "The weather in Paris is mild today; take a coat for the evening, and don't forget what the forecast said. ";

    private static readonly object[] Tools =
    [
        Tool("get_weather", "Tells the weather of a city", "city"),
        Tool("search", "Searches the web, and gives what it found", "query"),
    ];

    public static IReadOnlyList<(string Name, string Json)> All { get; } =
    [
        ("a question", Of([Message("system", "Be brief."), Message("user", "Hello!")])),
        ("40 turns, 16 KB", Of([Message("system", "Be brief."), .. Enumerable.Range(0, 40).Select(static turn => Message(turn % 2 == 0 ? "user" : "assistant", Text(4))), Message("user", "And now?")])),
        ("a question with tools", Of([Message("system", "Be brief."), Message("user", "What is the weather in Paris?")], Tools)),
    ];

    private static string Of(object[] messages, object[]? tools = null) => tools is null
        ? JsonSerializer.Serialize(new { messages, add_generation_prompt = true })
        : JsonSerializer.Serialize(new { messages, tools, add_generation_prompt = true });

    private static object Message(string role, string content) => new { role, content };

    private static string Text(int sentences) => string.Concat(Enumerable.Repeat(Sentence, sentences));

    private static object Tool(string name, string description, string parameter) => new
    {
        type = "function",
        function = new
        {
            name,
            description,
            parameters = new
            {
                type = "object",
                properties = new Dictionary<string, object> { [parameter] = new { type = "string", description = "In words." } },
                required = new[] { parameter },
            },
        },
    };
}
