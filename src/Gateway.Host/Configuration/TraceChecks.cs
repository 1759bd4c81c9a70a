namespace Gateway.Host.Configuration;

/// <summary>Checks of <see cref="TraceOptions"/> that a single value cannot tell.</summary>
internal static class TraceChecks
{
    /// <param name="traces">On or off.</param>
    /// <param name="isSet">Whether somebody has set an option.</param>
    /// <param name="refuse">Takes an option's name and what is wrong with it.</param>
    public static void Check(TraceOptions traces, Func<string, bool> isSet, Action<string, string> refuse)
    {
        if (traces.IsEnabled)
            return;
        foreach (var name in (string[])["otlp-traces-endpoint", "trace-sample-ratio", "trace-prompts"])
        {
            if (isSet(name))
                refuse(name, "is of no use without enable-trace");
        }
    }
}
