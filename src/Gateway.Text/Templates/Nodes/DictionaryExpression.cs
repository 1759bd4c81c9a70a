using Gateway.Text.Templates.Library;
using Gateway.Text.Templates.Values;

namespace Gateway.Text.Templates.Nodes;

internal sealed class DictionaryExpression((Expression Key, Expression Value)[] entries) : Expression
{
    public override Value Evaluate(RenderContext context)
    {
        context.Steps(entries.Length);
        var dictionary = new DictionaryValue(entries.Length);
        foreach (var (key, value) in entries)
            dictionary.Set(DictionaryMethods.Key(key.Evaluate(context)), value.Evaluate(context));
        return Value.Of(dictionary);
    }
}
