using System.Globalization;

namespace Gateway.Bench;

/// <summary>A figure of several rounds: its median, and between what it lay.</summary>
internal readonly record struct Spread(double Median, double Least, double Most)
{
    /// <summary>Of values that there are: NaN stands for none and is left out, and a figure of nothing but these is none itself.</summary>
    public static Spread Of(IEnumerable<double> values)
    {
        double[] known = [.. values.Where(static value => !double.IsNaN(value))];
        return known.Length == 0 ? None : new Spread(Bench.Median.Of(known), known.Min(), known.Max());
    }

    public static Spread None => new(double.NaN, double.NaN, double.NaN);

    public bool IsKnown => !double.IsNaN(Median);

    public Spread Times(double factor) => new(Median * factor, Least * factor, Most * factor);

    /// <returns>As in tables: <c>1.2 (1.1–1.4)</c>, or a dash.</returns>
    public string Text(string format) => IsKnown ? $"{Number(Median, format)} ({Number(Least, format)}–{Number(Most, format)})" : "–";

    /// <summary>With a true minus sign, which a dash between two numbers is not taken for, and none before a zero.</summary>
    public static string Number(double value, string format)
    {
        var text = value.ToString(format, CultureInfo.InvariantCulture);
        if (!text.StartsWith('-'))
            return text;
        return text.Any(static digit => digit is >= '1' and <= '9') ? $"−{text[1..]}" : text[1..];
    }
}
