using Gateway.Text.Templates.Values;

namespace Gateway.Text.Templates.Operations;

/// <summary>Names and truth as Python has them.</summary>
internal static class PythonType
{
    public static bool IsTrue(in Value value) => value.Kind switch
    {
        Kind.Boolean or Kind.Integer => value.Integer != 0,
        Kind.Float => value.Double != 0,
        Kind.String => value.Raw is { } raw ? !raw.IsEmpty : value.Text.Length > 0,
        Kind.List => value.List.Count > 0 || value.List.Shape == ListShape.Generator,
        Kind.Dictionary => value.Dictionary.Count > 0,
        Kind.BigInteger or Kind.Object => true,
        _ => false,
    };

    public static string Name(in Value value) => value.Kind switch
    {
        Kind.None => "NoneType",
        Kind.Boolean => "bool",
        Kind.Integer or Kind.BigInteger => "int",
        Kind.Float => "float",
        Kind.String => "str",
        Kind.List => value.List.Shape switch
        {
            ListShape.Tuple => "tuple",
            ListShape.Generator => "generator",
            _ => "list",
        },
        Kind.Dictionary => "dict",
        Kind.Object => value.Object.TypeName,
        _ => "Undefined",
    };

    public static TemplateException Error(string message) => new(TemplateFailure.Runtime, message);

    /// <summary>Refuses an undefined value where one is needed, with Jinja's words.</summary>
    public static void MustBeDefined(in Value value)
    {
        if (value.IsUndefined)
            throw Error(value.UndefinedMessage());
    }
}
