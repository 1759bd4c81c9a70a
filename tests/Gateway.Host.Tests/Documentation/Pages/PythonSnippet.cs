using System.ClientModel;
using System.Text.RegularExpressions;
using OpenAI;
using OpenAI.Chat;

namespace Gateway.Host.Tests.Documentation.Pages;

/// <summary>
/// The snippet for OpenAI's client for Python. It is run where that client is installed. Elsewhere the same is asked by OpenAI's client
/// for .NET, with what stands in the snippet; then only the snippet's own syntax is untried.
/// </summary>
internal static partial class PythonSnippet
{
    public static async Task RunAsync(string snippet, PageStep step)
    {
        var output = await HasClientAsync() ? await InterpretAsync(snippet) : await ReplayAsync(snippet);

        Assert.True(step.Missing(output) is null, $"line {step.Block.Line}: no '{step.Missing(output)}' in {output}");
    }

    private static async Task<bool> HasClientAsync()
    {
        try
        {
            return (await Command.RunAsync(".", "python3", ["-c", "import openai"])).Code == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static async Task<string> InterpretAsync(string snippet)
    {
        var (code, output) = await Command.RunAsync(".", "python3", ["-c", snippet]);
        Assert.True(code == 0, output);
        return output;
    }

    private static async Task<string> ReplayAsync(string snippet)
    {
        Assert.Contains("stream=True", snippet, StringComparison.Ordinal);
        var options = new OpenAIClientOptions { Endpoint = new Uri(Argument("base_url")) };
        var client = new ChatClient(Argument("model"), new ApiKeyCredential(Argument("api_key")), options);
        var output = "";
        await foreach (var update in client.CompleteChatStreamingAsync(Content().Match(snippet).Groups["text"].Value))
            output += string.Concat(update.ContentUpdate.Select(static part => part.Text));
        return output;

        string Argument(string name) =>
            Assert.Single(Arguments().Matches(snippet), match => match.Groups["name"].Value == name).Groups["value"].Value;
    }

    [GeneratedRegex("(?<name>[a-z_]+)=\"(?<value>[^\"]*)\"")]
    private static partial Regex Arguments();

    [GeneratedRegex("\"content\": \"(?<text>[^\"]*)\"")]
    private static partial Regex Content();
}
