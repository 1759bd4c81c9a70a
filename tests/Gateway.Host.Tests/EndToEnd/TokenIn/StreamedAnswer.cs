using System.Text;
using System.Text.Json;

namespace Gateway.Host.Tests.EndToEnd.TokenIn;

/// <summary>A chat completion put together from its chunks, as a client does it.</summary>
internal sealed class StreamedAnswer
{
    private readonly StringBuilder _content = new();
    private readonly StringBuilder _reasoning = new();
    private readonly List<(string Id, string Name, StringBuilder Arguments)> _calls = [];

    public StreamedAnswer(string events)
    {
        foreach (var line in events.Split('\n'))
        {
            if (line == "data: [DONE]")
                IsDone = true;
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
                Add(JsonDocument.Parse(line[6..]).RootElement);
        }
    }

    public string? Role { get; private set; }

    public string Content => _content.ToString();

    public string Reasoning => _reasoning.ToString();

    public IReadOnlyList<(string Id, string Name, string Arguments)> Calls =>
        [.. _calls.Select(static call => (call.Id, call.Name, call.Arguments.ToString()))];

    public string? FinishReason { get; private set; }

    public JsonElement? Usage { get; private set; }

    public bool IsDone { get; private set; }

    private void Add(JsonElement chunk)
    {
        Assert.False(IsDone, "nothing comes after [DONE]");
        Assert.Equal("chat.completion.chunk", chunk.GetProperty("object").GetString());
        if (chunk.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object)
            Usage = usage;
        foreach (var choice in chunk.GetProperty("choices").EnumerateArray())
        {
            Assert.Null(FinishReason);
            Add(choice, choice.GetProperty("delta"));
        }
    }

    private void Add(JsonElement choice, JsonElement delta)
    {
        if (delta.TryGetProperty("role", out var role))
        {
            Assert.Null(Role);
            Role = role.GetString();
        }

        if (delta.TryGetProperty("content", out var content))
            _content.Append(content.GetString());
        if (delta.TryGetProperty("reasoning_content", out var reasoning))
            _reasoning.Append(reasoning.GetString());
        if (delta.TryGetProperty("tool_calls", out var calls))
        {
            foreach (var call in calls.EnumerateArray())
                AddCall(call);
        }

        FinishReason = choice.GetProperty("finish_reason").GetString();
    }

    private void AddCall(JsonElement call)
    {
        var index = call.GetProperty("index").GetInt32();
        var function = call.GetProperty("function");
        if (index == _calls.Count)
            _calls.Add((call.GetProperty("id").GetString()!, function.GetProperty("name").GetString()!, new StringBuilder()));
        _calls[index].Arguments.Append(function.GetProperty("arguments").GetString());
    }
}
