using System.Collections.Frozen;
using Gateway.Text.Templates.Values;

namespace Gateway.Text.Templates.Library;

/// <summary>The methods of strings, lists and dictionaries. What is not here cannot be called: that is the sandbox.</summary>
internal static class MethodTable
{
    public static readonly FrozenDictionary<string, Builtin> Text = Of(TextMethods.All);

    public static readonly FrozenDictionary<string, Builtin> List = Of(ListMethods.All);

    public static readonly FrozenDictionary<string, Builtin> Dictionary = Of(DictionaryMethods.All);

    public static Builtin? Find(in Value owner, string name) => owner.Kind switch
    {
        Kind.String => Text.GetValueOrDefault(name),
        Kind.List => List.GetValueOrDefault(name),
        Kind.Dictionary => Dictionary.GetValueOrDefault(name),
        _ => null,
    };

    public static FrozenDictionary<string, Builtin> Of(IEnumerable<Builtin> builtins) =>
        builtins.ToFrozenDictionary(static builtin => builtin.Name, StringComparer.Ordinal);
}
