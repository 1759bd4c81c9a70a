using Gateway.Text.Templates.Syntax;

namespace Gateway.Text.Templates.Nodes;

/// <summary>What a macro, or the body of a <c>call</c>, is made of.</summary>
internal sealed record MacroDefinition(string Name, Parameter[] Parameters, FunctionScope Function, Statement Body)
{
    /// <summary>Where <c>varargs</c>, <c>kwargs</c> and <c>caller</c> are, or -1: a macro takes what its body speaks of.</summary>
    public int VarargsSlot { get; init; } = -1;

    public int KwargsSlot { get; init; } = -1;

    public int CallerSlot { get; init; } = -1;
}

/// <summary>One parameter; without a default it is undefined if not given.</summary>
internal sealed record Parameter(string Name, int Slot, Expression? Default);
