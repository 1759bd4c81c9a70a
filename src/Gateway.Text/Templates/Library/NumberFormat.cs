using System.Globalization;
using Gateway.Text.Templates.Operations;

namespace Gateway.Text.Templates.Library;

/// <summary>Decimal places as Python rounds them: exactly, and a half to the even digit.</summary>
internal static class NumberFormat
{
    /// <summary>More places than any double has that is not so near zero that they all are.</summary>
    private const int ExactPlaces = 110;

    public static string Fixed(double number, int places)
    {
        if (!double.IsFinite(number))
            return PythonText.Number(number);
        places = Math.Clamp(places, 0, 100);
        var rounded = number.ToString("F" + places.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        if (!IsTie(number, places))
            return Signed(rounded, number);
        var exact = number.ToString("F" + ExactPlaces.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        var point = exact.IndexOf('.', StringComparison.Ordinal);
        var lower = places == 0 ? exact[..point] : exact[..(point + 1 + places)];
        return Signed((lower[^1] - '0') % 2 == 0 ? lower : rounded, number);
    }

    public static double Round(double number, int places)
    {
        if (!double.IsFinite(number) || places > 100)
            return number;
        if (places >= 0)
            return double.Parse(Fixed(number, places), CultureInfo.InvariantCulture);
        var power = Math.Pow(10, -places);
        return double.IsFinite(power) ? Math.Round(number / power, MidpointRounding.ToEven) * power : 0;
    }

    private static bool IsTie(double number, int places)
    {
        var exact = number.ToString("F" + ExactPlaces.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        var dropped = exact.AsSpan(exact.IndexOf('.', StringComparison.Ordinal) + 1 + places);
        return dropped.Length > 0 && dropped[0] == '5' && dropped[1..].IndexOfAnyExcept('0') < 0;
    }

    /// <summary>Python keeps the sign of what rounds to zero.</summary>
    private static string Signed(string text, double number) =>
        double.IsNegative(number) && text[0] != '-' ? "-" + text : text;
}
