namespace Gateway.Actors.Discovery.Pods;

/// <summary>Where a pod says which model it serves: <c>namespace</c>, <c>label:KEY</c> or <c>annotation:KEY</c>.</summary>
/// <param name="Place">Which of the three.</param>
/// <param name="Key">The label's or the annotation's; empty for the namespace.</param>
public sealed record ModelIdSource(ModelIdPlace Place, string Key)
{
    public override string ToString() => Place switch
    {
        ModelIdPlace.Label => $"label:{Key}",
        ModelIdPlace.Annotation => $"annotation:{Key}",
        _ => "namespace",
    };

    /// <exception cref="FormatException">The text is none of the three.</exception>
    public static ModelIdSource Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split(':', 2);
        return parts switch
        {
            ["namespace"] => new ModelIdSource(ModelIdPlace.Namespace, ""),
            ["label", { Length: > 0 } key] => new ModelIdSource(ModelIdPlace.Label, key),
            ["annotation", { Length: > 0 } key] => new ModelIdSource(ModelIdPlace.Annotation, key),
            _ => throw new FormatException($"'{text}' is not namespace, label:KEY or annotation:KEY"),
        };
    }
}

/// <summary>The part of a pod's description that names its model.</summary>
public enum ModelIdPlace
{
    Namespace,
    Label,
    Annotation,
}
