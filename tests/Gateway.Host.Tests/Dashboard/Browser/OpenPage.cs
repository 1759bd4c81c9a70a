using System.Collections.Concurrent;
using Gateway.Host.Tests.Support;
using Microsoft.Playwright;

namespace Gateway.Host.Tests.Dashboard.Browser;

/// <summary>
/// The dashboard in a browser. Whatever the page does not expect fails the test: a script that fails, a file that is not there, a rule of its
/// content policy that it breaks, and a request to anybody but its gateway.
/// </summary>
internal sealed class OpenPage : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _complaints = new();

    private OpenPage(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
    }

    public IPage Page { get; }

    /// <summary>Complaints that a test brings about: an endpoint that refuses is one to the browser.</summary>
    public Func<string, bool> Expects { get; set; } = static _ => false;

    /// <param name="chromium">Where to open it.</param>
    /// <param name="address">The gateway's.</param>
    /// <param name="view">Without the sign before it.</param>
    /// <param name="options">Of the window.</param>
    /// <param name="prepare">Before the page is there.</param>
    public static async Task<OpenPage> OpenAsync(
        Chromium chromium, Uri address, string view = "fleet", BrowserNewContextOptions? options = null, Func<IPage, Task>? prepare = null)
    {
        options ??= new BrowserNewContextOptions();
        options.ViewportSize ??= new ViewportSize { Width = 1440, Height = 900 };
        var context = await chromium.Browser.NewContextAsync(options);
        context.SetDefaultTimeout((float)Eventually.Limit.TotalMilliseconds);
        var page = await context.NewPageAsync();
        var open = new OpenPage(context, page);
        page.PageError += (_, error) => open._complaints.Enqueue(error);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                open._complaints.Enqueue(message.Text);
        };
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(address.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal))
                open._complaints.Enqueue($"asked for {request.Url}");
        };
        if (prepare is not null)
            await prepare(page);
        await page.GotoAsync(new Uri(address, $"/dashboard#{view}").ToString());
        return open;
    }

    public ILocator Find(string selector) => Page.Locator(selector);

    public ILocator Worker(string url) => Page.Locator("#workers tbody tr", new PageLocatorOptions { HasText = url.Replace("http://", "", StringComparison.Ordinal) });

    public Task IsLiveAsync() => Assertions.Expect(Find("#link-text")).ToHaveTextAsync("Live");

    public Task ShowAsync(string view) => Find($"nav a[data-view={view}]").ClickAsync();

    /// <summary>True if something sticks out at the right.</summary>
    public Task<bool> ScrollsSidewaysAsync() => Page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth");

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeAsync();
        Assert.DoesNotContain(_complaints, what => !Expects(what));
    }
}
