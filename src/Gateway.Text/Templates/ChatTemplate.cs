using Gateway.Text.Templates.Library;
using Gateway.Text.Templates.Nodes;
using Gateway.Text.Templates.Syntax;
using Gateway.Text.Templates.Values;

namespace Gateway.Text.Templates;

/// <summary>
/// A chat template, compiled once when a model is loaded and rendered for each request, from many threads at a time. It is Jinja as
/// transformers sets it up, and sandboxed by construction: there is nothing in it to reach a file, a type or another request with.
/// </summary>
public sealed class ChatTemplate
{
    private readonly CompiledTemplate _compiled;
    private readonly Lazy<TemplateTraits> _traits;

    private ChatTemplate(CompiledTemplate compiled, bool mentionsDeveloper)
    {
        _compiled = compiled;
        MentionsDeveloper = mentionsDeveloper;
        _traits = new(() => TemplateProbe.Ask(this));
    }

    /// <summary>What the template takes, found out by asking it.</summary>
    public TemplateTraits Traits => _traits.Value;

    /// <summary>Rendering would not tell: many templates write whatever role there is, and the model has never seen it.</summary>
    internal bool MentionsDeveloper { get; }

    /// <exception cref="TemplateException">The template cannot be compiled; its line is given.</exception>
    public static ChatTemplate Compile(string source) =>
        new(Parser.Parse(source), source.Contains("developer", StringComparison.Ordinal));

    /// <summary>Appends the prompt to <paramref name="output"/>. After an exception, what was appended is not to be used.</summary>
    /// <exception cref="TemplateException">The template refuses the conversation, fails on it, or takes too much.</exception>
    public void Render(in ChatTemplateInput input, PooledText output, TemplateLimits? limits = null, TimeProvider? time = null) =>
        Render(TemplateVariables.Read(input), output, limits, time);

    internal void Render(in TemplateVariables variables, PooledText output, TemplateLimits? limits, TimeProvider? time)
    {
        var free = new Value[_compiled.Free.Length];
        for (var i = 0; i < free.Length; i++)
        {
            var name = _compiled.Free[i];
            free[i] = variables.TryFind(name, out var value) || Globals.All.TryGetValue(name, out value) ? value : Value.Undefined(name);
        }

        var context = new RenderContext(output, free, limits ?? TemplateLimits.Default, time ?? TimeProvider.System)
        {
            Frame = new Frame(_compiled.SlotCount, null),
        };
        _compiled.Body.Run(context);
    }
}
