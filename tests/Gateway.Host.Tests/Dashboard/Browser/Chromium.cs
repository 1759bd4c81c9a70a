using Gateway.Host.Tests.Support;
using Microsoft.Playwright;

namespace Gateway.Host.Tests.Dashboard.Browser;

/// <summary>One headless Chromium for all tests that need one. They take turns, so that a small machine is not asked for several at once.</summary>
public sealed class Chromium : IAsyncLifetime
{
    public const string Collection = "browser";

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>The system's; null if there is none. What Playwright would download is not asked for.</summary>
    public static string? Path { get; } = new[]
    {
        Environment.GetEnvironmentVariable("CHROMIUM"), "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome",
    }.FirstOrDefault(File.Exists);

    public IBrowser Browser => _browser ?? throw new InvalidOperationException("There is no Chromium: apt-get install chromium");

    public async Task InitializeAsync()
    {
        if (Path is null)
            return;
        // A busy machine is slow, and no test depends on it.
        Assertions.SetDefaultExpectTimeout((float)Eventually.Limit.TotalMilliseconds);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Path,
            // The sandbox cannot be had by root, as whom containers run tests; all that is visited is our own page.
            Args = ["--no-sandbox"],
        });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}

[CollectionDefinition(Chromium.Collection)]
public sealed class ChromiumDefinition : ICollectionFixture<Chromium>;
