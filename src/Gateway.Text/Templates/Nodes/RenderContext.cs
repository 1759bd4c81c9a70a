using System.Runtime.CompilerServices;
using Gateway.Text.Templates.Operations;
using Gateway.Text.Templates.Values;

namespace Gateway.Text.Templates.Nodes;

/// <summary>One rendering: where it writes, what it may still use, and its variables.</summary>
internal sealed class RenderContext(PooledText output, Value[] free, TemplateLimits limits, TimeProvider time)
{
    private const int CharactersAStep = 16;

    private long _steps;
    private int _depth;

    public PooledText Output { get; set; } = output;

    public Frame Frame { get; set; } = new(0, null);

    /// <summary>Names that the template never sets: the conversation's variables and the globals, by the index the parser gave them.</summary>
    public Value[] Free => free;

    public TimeProvider Time => time;

    public int MaxDepth => limits.MaxDepth;

    public int LoopDepth { get; set; }

    public void Step()
    {
        if (++_steps > limits.MaxSteps)
            throw TooMany();
    }

    public void Steps(long count)
    {
        _steps += count;
        if (_steps > limits.MaxSteps)
            throw TooMany();
    }

    /// <summary>To be called before a string of that length is made.</summary>
    public void Making(long characters)
    {
        Fits(characters);
        Reading(characters);
    }

    /// <summary>To be called while a string grows, before each step. It is charged when it is done.</summary>
    public void Fits(long characters)
    {
        if (characters > limits.MaxOutputLength)
            throw TooLong();
    }

    public void Reading(long characters) => Steps(1 + characters / CharactersAStep);

    public string Made(string text)
    {
        Making(text.Length);
        return text;
    }

    public void Write(in Value value)
    {
        if (value.Kind == Kind.String)
        {
            if (value.Raw is { } raw)
                raw.WriteTo(Output);
            else
                Output.Write(Unsafe.As<string>(value.Reference!));
        }
        else if (value.Kind != Kind.Undefined)
        {
            Printing.Write(this, Output, value, 0);
        }

        Written();
    }

    public void Write(string text)
    {
        Output.Write(text);
        Written();
    }

    public void Written()
    {
        if (Output.Length > limits.MaxOutputLength)
            throw TooLong();
    }

    /// <summary>One macro deeper. Goes with <see cref="Leave"/>.</summary>
    public void Enter()
    {
        if (++_depth > limits.MaxDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new TemplateException(TemplateFailure.Limit, $"macros call each other more than {limits.MaxDepth} deep");
    }

    public void Leave() => _depth--;

    /// <summary>Runs a body whose output becomes a value.</summary>
    public Value Capture(Statement body)
    {
        var outer = Output;
        using var inner = new PooledText();
        Output = inner;
        try
        {
            body.Run(this);
            return Value.Of(Made(inner.ToString()));
        }
        finally
        {
            Output = outer;
        }
    }

    private TemplateException TooMany() =>
        new(TemplateFailure.Limit, $"rendering the template takes more than {limits.MaxSteps} steps");

    private TemplateException TooLong() =>
        new(TemplateFailure.Limit, $"rendering the template gives more than {limits.MaxOutputLength} characters");
}
