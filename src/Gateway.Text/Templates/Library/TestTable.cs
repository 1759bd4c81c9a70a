using System.Collections.Frozen;
using Gateway.Text.Templates.Operations;
using Gateway.Text.Templates.Values;

namespace Gateway.Text.Templates.Library;

/// <summary>What may stand after <c>is</c>.</summary>
internal static class TestTable
{
    public static readonly FrozenDictionary<string, Builtin> All = MethodTable.Of(
    [
        new("defined", static (context, in self, a) => Value.Of(!self.IsUndefined)),
        new("undefined", static (context, in self, a) => Value.Of(self.IsUndefined)),
        new("none", static (context, in self, a) => Value.Of(self.IsNone)),
        new("boolean", static (context, in self, a) => Value.Of(self.Kind == Kind.Boolean)),
        new("true", static (context, in self, a) => Value.Of(self.Kind == Kind.Boolean && self.Truth)),
        new("false", static (context, in self, a) => Value.Of(self.Kind == Kind.Boolean && !self.Truth)),
        new("integer", static (context, in self, a) => Value.Of(self.IsInteger)),
        new("float", static (context, in self, a) => Value.Of(self.Kind == Kind.Float)),
        new("number", static (context, in self, a) => Value.Of(self.IsNumber)),
        new("string", static (context, in self, a) => Value.Of(self.IsString)),
        new("mapping", static (context, in self, a) => Value.Of(self.Kind == Kind.Dictionary)),
        new("sequence", static (context, in self, a) => Value.Of(
            self.Kind is Kind.String or Kind.Dictionary or Kind.Undefined || (self.Kind == Kind.List && self.List.Shape != ListShape.Generator))),
        new("iterable", static (context, in self, a) => Value.Of(self.Kind is Kind.String or Kind.Dictionary or Kind.List or Kind.Undefined)),
        new("callable", static (context, in self, a) => Value.Of(self.Kind == Kind.Undefined || (self.Kind == Kind.Object && self.Object.IsCallable))),
        new("sameas other", static (context, in self, a) => Value.Of(AreSame(self, a[0]))),
        new("escaped", static (context, in self, a) => Value.False),
        new("odd", static (context, in self, a) => Value.Of(Remainder(context, self, Value.Of(2L)) is { } rest && Comparison.AreEqual(rest, Value.Of(1L), 0))),
        new("even", static (context, in self, a) => Value.Of(!PythonType.IsTrue(Remainder(context, self, Value.Of(2L))))),
        new("divisibleby num", static (context, in self, a) => Value.Of(!PythonType.IsTrue(Remainder(context, self, a[0])))),
        new("lower", static (context, in self, a) => Value.Of(
            TextMethods.IsCased(Printing.Text(context, self), char.IsLower, char.IsUpper))),
        new("upper", static (context, in self, a) => Value.Of(
            TextMethods.IsCased(Printing.Text(context, self), char.IsUpper, char.IsLower))),
        new("in seq", static (context, in self, a) => Value.Of(Comparison.Contains(context, a[0], self))),
        new("filter", static (context, in self, a) => Value.Of(self.IsString && FilterTable.All.ContainsKey(self.Text))),
        new("test", static (context, in self, a) => Value.Of(self.IsString && Exists(self.Text))),
        .. Same("eq", "==", "equalto"),
        .. Compared("ne", "!=", static order => order != 0),
        .. Compared("lt", "<", static order => order == -1, "lessthan"),
        .. Compared("le", "<=", static order => order is -1 or 0),
        .. Compared("gt", ">", static order => order == 1, "greaterthan"),
        .. Compared("ge", ">=", static order => order is 0 or 1),
    ]);

    public static Builtin Find(string name) => All.GetValueOrDefault(name) ?? throw PythonType.Error($"No test named '{name}'.");

    private static bool Exists(string name) => All.ContainsKey(name);

    private static Value Remainder(Nodes.RenderContext context, in Value left, in Value right) => Arithmetic.Modulo(context, left, right);

    private static bool AreSame(in Value left, in Value right) => left.Kind == right.Kind && (
        left.Kind is Kind.List or Kind.Dictionary or Kind.Object
            ? ReferenceEquals(left.Reference, right.Reference)
            : Comparison.AreEqual(left, right, 0));

    private static IEnumerable<Builtin> Same(params string[] names) => names.Select(static name =>
        new Builtin($"{name} other", static (context, in self, a) => Value.Of(Comparison.AreEqual(self, a[0], 0))));

    private static IEnumerable<Builtin> Compared(string name, string sign, Func<int, bool> holds, string? alias = null)
    {
        string[] names = alias is null ? [name, sign] : [name, sign, alias];
        return names.Select(each => new Builtin($"{each} other", (context, in self, a) => Value.Of(
            sign == "!=" ? !Comparison.AreEqual(self, a[0], 0) : holds(Comparison.Compare(context, sign, self, a[0])))));
    }
}
