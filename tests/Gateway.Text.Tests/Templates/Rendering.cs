using System.Text;
using Gateway.Text.Templates;

namespace Gateway.Text.Tests.Templates;

internal static class Rendering
{
    /// <summary>Renders with all of an object's properties as variables.</summary>
    public static string Render(string template, string variables = "{}", TemplateLimits? limits = null, TimeProvider? time = null)
    {
        using var output = new PooledText();
        var input = new ChatTemplateInput
        {
            Messages = "[]"u8.ToArray(),
            Arguments = Encoding.UTF8.GetBytes(variables),
        };
        ChatTemplate.Compile(template).Render(input, output, limits, time);
        return output.ToString();
    }
}
