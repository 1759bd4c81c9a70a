using System.Globalization;

namespace Gateway.Host.Commands.Checks;

/// <summary>Compares the clock of another machine, as its answers' <c>Date</c> tells, with this one's.</summary>
internal static class ClockCheck
{
    /// <summary><c>Date</c> has whole seconds, and an answer takes its time.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);

    /// <returns>Null if the answer does not tell the time.</returns>
    public static Finding? Compare(string whose, DateTimeOffset? date, DateTimeOffset now)
    {
        if (date is not { } told)
            return null;
        var difference = told - now;
        return difference.Duration() <= Tolerance
            ? new Finding("clock", Severity.Ok, $"{whose} has this machine's time")
            : new Finding(
                "clock",
                Severity.Warning,
                string.Create(CultureInfo.InvariantCulture, $"the clock of {whose} is {difference.Duration().TotalSeconds:0} s {(difference > TimeSpan.Zero ? "ahead of" : "behind")} this machine's"),
                "have both follow NTP: logs cannot be put together, and tokens and certificates may count as expired");
    }
}
