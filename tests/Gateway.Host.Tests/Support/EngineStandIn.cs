using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gateway.Host.Tests.Support;

/// <summary>A real HTTP server in an engine's place that does what the test says, and remembers what it was asked.</summary>
public sealed class EngineStandIn : IAsyncDisposable
{
    private readonly WebApplication _app;

    private EngineStandIn(WebApplication app) => _app = app;

    public RequestDelegate Behaviour { get; set; } = static context => AnswerJsonAsync(context, """{"object":"chat.completion"}""");

    public bool ReadsBody { get; set; } = true;

    public ConcurrentQueue<SeenRequest> Seen { get; } = new();

    /// <summary>Completes when a client of the engine has gone before its answer was complete.</summary>
    public TaskCompletionSource Aborted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Released by the test when the engine's connection is to break.</summary>
    public SemaphoreSlim Cut { get; } = new(0);

    public string Url => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    public static async Task<EngineStandIn> StartAsync(RequestDelegate? behaviour = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var engine = new EngineStandIn(app);
        if (behaviour is not null)
            engine.Behaviour = behaviour;
        app.Run(engine.ServeAsync);
        await app.StartAsync();
        return engine;
    }

    public static async Task AnswerJsonAsync(HttpContext context, string json, int status = 200)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = Encoding.UTF8.GetByteCount(json);
        await context.Response.WriteAsync(json);
    }

    /// <summary>Sends pieces of an event stream, each flushed by itself.</summary>
    public static async Task StreamAsync(HttpContext context, params string[] pieces)
    {
        if (!context.Response.HasStarted)
            context.Response.ContentType = "text/event-stream; charset=utf-8";
        foreach (var piece in pieces)
        {
            await context.Response.WriteAsync(piece);
            await context.Response.Body.FlushAsync();
        }
    }

    /// <summary>Breaks the connection when the test says so: a reset takes away what the other side has not read yet.</summary>
    public async Task CutAsync(HttpContext context)
    {
        await Cut.WaitAsync();
        context.Abort();
    }

    /// <summary>Waits until the client of the engine is gone, and tells the test.</summary>
    public async Task HangAsync(HttpContext context)
    {
        try
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            Aborted.TrySetResult();
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task ServeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        if (ReadsBody)
            await context.Request.Body.CopyToAsync(body);
        Seen.Enqueue(new SeenRequest(
            context.Request.Method,
            context.Request.Path + context.Request.QueryString,
            context.Request.Headers.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            Encoding.UTF8.GetString(body.ToArray())));
        await Behaviour(context);
    }
}

/// <summary>A request as it reached the engine.</summary>
public sealed record SeenRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public string? Header(string name) => Headers.GetValueOrDefault(name);
}
