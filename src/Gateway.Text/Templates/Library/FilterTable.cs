using System.Collections.Frozen;
using Gateway.Text.Templates.Operations;

namespace Gateway.Text.Templates.Library;

/// <summary>Jinja's filters by name. Left out are those that make HTML, and those that chance or a locale decides.</summary>
internal static class FilterTable
{
    public static readonly FrozenDictionary<string, Builtin> All =
        MethodTable.Of([.. TextFilters.All, .. NumberFilters.All, .. SequenceFilters.All, .. SelectionFilters.All, .. ValueFilters.All]);

    public static Builtin Find(string name) => All.GetValueOrDefault(name) ?? throw PythonType.Error($"No filter named '{name}'.");
}
