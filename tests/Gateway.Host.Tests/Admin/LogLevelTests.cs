using System.Net;
using Akka.Actor;
using Akka.Event;
using Gateway.Host.Composition;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gateway.Host.Tests.Admin;

public sealed class LogLevelTests
{
    [Fact]
    public async Task Loggers_that_exist_follow_the_level_at_once()
    {
        await using var gateway = await StartAsync("warn");
        var logger = gateway.App.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Gateway.Host.Any");
        Assert.False(logger.IsEnabled(Microsoft.Extensions.Logging.LogLevel.Information));

        var answer = await gateway.SendAsync("PUT", """{"level":"debug"}""");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("""{"level":"debug","configured":"warn"}""", answer.Body);
        Assert.True(logger.IsEnabled(Microsoft.Extensions.Logging.LogLevel.Debug));
        Assert.Equal(answer.Body, (await gateway.SendAsync("GET")).Body);

        await gateway.SendAsync("PUT", """{"level":"error"}""");
        Assert.False(logger.IsEnabled(Microsoft.Extensions.Logging.LogLevel.Warning));
    }

    [Fact]
    public async Task Actors_that_exist_follow_it_too()
    {
        await using var gateway = await StartAsync("error");
        var actor = gateway.App.Services.GetRequiredService<ActorSystem>().ActorOf(Props.Create(static () => new Talker()));
        actor.Tell("first");
        await actor.Ask<int>(0);

        await gateway.SendAsync("PUT", """{"level":"debug"}""");
        actor.Tell("second");

        await gateway.Logs.WaitForAsync(static line => line.Contains("says second", StringComparison.Ordinal));
        Assert.DoesNotContain(gateway.Logs.Lines, static line => line.Contains("says first", StringComparison.Ordinal));
    }

    [Fact]
    public async Task After_its_time_the_configured_level_holds_again()
    {
        var time = new ManualTime();
        await using var gateway = await StartAsync("warn", time);
        var logger = gateway.App.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Gateway.Host.Any");
        await gateway.SendAsync("PUT", """{"level":"debug","for_secs":600}""");

        time.Advance(TimeSpan.FromSeconds(599));
        Assert.True(logger.IsEnabled(Microsoft.Extensions.Logging.LogLevel.Debug));
        Assert.Contains("\"until\":\"", (await gateway.SendAsync("GET")).Body, StringComparison.Ordinal);
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.False(logger.IsEnabled(Microsoft.Extensions.Logging.LogLevel.Information));
        Assert.Equal("""{"level":"warn","configured":"warn"}""", (await gateway.SendAsync("GET")).Body);
    }

    [Fact]
    public async Task A_later_change_forgets_the_time_of_an_earlier_one()
    {
        var time = new ManualTime();
        await using var gateway = await StartAsync("warn", time);
        await gateway.SendAsync("PUT", """{"level":"debug","for_secs":10}""");
        await gateway.SendAsync("PUT", """{"level":"info"}""");

        time.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal("""{"level":"info","configured":"warn"}""", (await gateway.SendAsync("GET")).Body);
    }

    [Theory]
    [InlineData("{}", "level: is missing")]
    [InlineData("""{"level":"loud"}""", "level: 'loud' is not one of debug, info, warn, error")]
    [InlineData("""{"level":"info","for_secs":0}""", "for_secs: must be a number from 0.001 to 86400")]
    [InlineData("""{"level":"info","for":5}""", "for: unknown field")]
    public async Task What_is_wrong_is_told_and_changes_nothing(string body, string expected)
    {
        await using var gateway = await StartAsync("warn");

        var answer = await gateway.SendAsync("PUT", body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains(expected, answer.Body, StringComparison.Ordinal);
        Assert.Equal("""{"level":"warn","configured":"warn"}""", (await gateway.SendAsync("GET")).Body);
    }

    private static async Task<Gateway> StartAsync(string level, TimeProvider? time = null)
    {
        var options = new GatewayOptions { Listen = new ListenOptions { Host = "127.0.0.1", Port = 0 }, Log = new LogOptions { Level = level, Json = true } };
        var app = GatewayApplication.Create(options, time ?? TimeProvider.System);
        var logs = new CapturedLogs();
        app.Services.GetRequiredService<ILoggerFactory>().AddProvider(logs);
        await app.StartAsync();
        return new Gateway(app, logs);
    }

    private sealed class Gateway(WebApplication app, CapturedLogs logs) : IAsyncDisposable
    {
        private readonly HttpClient _client = new() { BaseAddress = new Uri(app.Urls.First()) };

        public WebApplication App => app;

        public CapturedLogs Logs => logs;

        public async Task<(HttpStatusCode Status, string Body)> SendAsync(string method, string? json = null)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), "/log-level") { Content = json is null ? null : new StringContent(json) };
            using var response = await _client.SendAsync(request);
            return (response.StatusCode, await response.Content.ReadAsStringAsync());
        }

        public async ValueTask DisposeAsync()
        {
            _client.Dispose();
            await app.StopAsync();
            await app.DisposeAsync();
        }
    }

    private sealed class Talker : ReceiveActor
    {
        private readonly ILoggingAdapter _log = Context.GetLogger();

        public Talker()
        {
            Receive<string>(word => _log.Debug("says {0}", word));
            Receive<int>(number => Sender.Tell(number));
        }
    }
}
