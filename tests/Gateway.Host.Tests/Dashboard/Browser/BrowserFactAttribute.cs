namespace Gateway.Host.Tests.Dashboard.Browser;

/// <summary>
/// A test in a real browser. Where there is none it is skipped, and says so; on the build server (<c>CI=true</c>) it then fails, for there it would be
/// missed by nobody.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute()
    {
        if (Chromium.Path is null && Environment.GetEnvironmentVariable("CI") != "true")
            Skip = "There is no Chromium: apt-get install chromium, or name one in CHROMIUM.";
    }
}
