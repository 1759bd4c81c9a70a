using Gateway.Text.Templates.Operations;
using Gateway.Text.Templates.Values;

namespace Gateway.Text.Templates.Nodes;

/// <summary>A macro with the variables around its definition.</summary>
internal sealed class MacroValue(MacroDefinition definition, Frame closure) : ObjectValue
{
    public override string TypeName => "Macro";

    public override bool IsCallable => true;

    public override bool TryGetAttribute(RenderContext context, string name, out Value value)
    {
        value = name == "name" ? Value.Of(definition.Name) : default;
        return !value.IsMissing;
    }

    public override Value Call(RenderContext context, in Arguments arguments)
    {
        context.Step();
        var frame = new Frame(definition.Function.SlotCount, closure);
        Bind(frame, arguments);
        var (outer, loops) = (context.Frame, context.LoopDepth);
        context.Enter();
        context.Frame = frame;
        context.LoopDepth = 0;
        try
        {
            foreach (var parameter in definition.Parameters)
            {
                if (frame.Slots[parameter.Slot].IsMissing)
                    frame.Slots[parameter.Slot] = parameter.Default?.Evaluate(context) ?? Value.Undefined(parameter.Name);
            }

            return context.Capture(definition.Body);
        }
        finally
        {
            context.Frame = outer;
            context.LoopDepth = loops;
            context.Leave();
        }
    }

    private void Bind(Frame frame, in Arguments arguments)
    {
        var parameters = definition.Parameters;
        for (var i = 0; i < arguments.PositionalCount && i < parameters.Length; i++)
            frame.Slots[parameters[i].Slot] = arguments[i];
        if (definition.VarargsSlot >= 0)
        {
            var rest = arguments.PositionalCount > parameters.Length ? arguments.Positional[parameters.Length..].ToArray() : [];
            frame.Slots[definition.VarargsSlot] = Value.Of(new ListValue(rest, ListShape.Tuple));
        }
        else if (arguments.PositionalCount > parameters.Length)
        {
            throw PythonType.Error($"macro '{definition.Name}' takes not more than {parameters.Length} argument(s)");
        }

        BindNamed(frame, arguments);
    }

    private void BindNamed(Frame frame, in Arguments arguments)
    {
        var rest = definition.KwargsSlot >= 0 ? new DictionaryValue() : null;
        if (definition.CallerSlot >= 0)
            frame.Slots[definition.CallerSlot] = Value.Undefined("No caller defined");
        for (var i = 0; i < arguments.Names.Length; i++)
        {
            var name = arguments.Names[i];
            if (Array.Find(definition.Parameters, parameter => parameter.Name == name) is { } parameter)
            {
                if (!frame.Slots[parameter.Slot].IsMissing)
                    throw PythonType.Error($"macro '{definition.Name}' got multiple values for argument '{name}'");
                frame.Slots[parameter.Slot] = arguments.Named[i];
            }
            else if (name == "caller" && definition.CallerSlot >= 0)
            {
                frame.Slots[definition.CallerSlot] = arguments.Named[i];
            }
            else if (rest is not null)
            {
                rest.Set(Value.Of(name), arguments.Named[i]);
            }
            else
            {
                throw PythonType.Error($"macro '{definition.Name}' takes no keyword argument '{name}'");
            }
        }

        if (rest is not null)
            frame.Slots[definition.KwargsSlot] = Value.Of(rest);
    }
}
