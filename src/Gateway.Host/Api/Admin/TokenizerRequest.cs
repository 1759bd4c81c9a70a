using System.Text.Json;
using Gateway.Host.Configuration;

namespace Gateway.Host.Api.Admin;

/// <summary>What an operator says of a tokenizer that the gateway shall use.</summary>
/// <param name="Name">The model it is for.</param>
/// <param name="Source">A folder or a <c>tokenizer.json</c> on the gateway's disk, with its whole path.</param>
/// <param name="ChatTemplate">A file, with its whole path; or null.</param>
/// <param name="ReasoningParser">Null goes by the model.</param>
/// <param name="ToolCallParser">Null goes by the model.</param>
internal sealed record TokenizerRequest(string Name, string Source, string? ChatTemplate, string? ReasoningParser, string? ToolCallParser)
{
    private const int LongestName = 256;

    /// <exception cref="FormatException">The message names the field.</exception>
    public static TokenizerRequest Read(JsonElement json)
    {
        var fields = new JsonFields(json);
        var name = fields.Text("name") ?? throw fields.Wrong("name", "is missing");
        if (name.Length > LongestName || name.Any(char.IsControl))
            throw fields.Wrong("name", $"must be at most {LongestName} characters, none of which is a control character");
        var request = new TokenizerRequest(
            name,
            PathIn("source") ?? throw fields.Wrong("source", "is missing"),
            PathIn("chat_template_path"),
            ParserIn("reasoning_parser", ValueFormats.ReasoningParser),
            ParserIn("tool_call_parser", ValueFormats.ToolCallParser));
        fields.RefuseOthers();
        return request;

        string? PathIn(string field) => fields.Text(field) switch
        {
            null => null,
            var path when !Path.IsPathFullyQualified(path) => throw fields.Wrong(field, "must be the whole path of something on the gateway's disk"),
            var path when !Path.Exists(path) => throw fields.Wrong(field, $"'{path}' does not exist"),
            var path => path,
        };

        string? ParserIn(string field, ValueFormat<string?> format)
        {
            try
            {
                return fields.Text(field) is { } word ? format.Parse(word) : null;
            }
            catch (FormatException failure) when (!failure.Message.StartsWith(field, StringComparison.Ordinal))
            {
                throw fields.Wrong(field, failure.Message);
            }
        }
    }
}
