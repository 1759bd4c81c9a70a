using Gateway.Host.Observability;
using Microsoft.Extensions.Options;

namespace Gateway.Host.Configuration;

/// <summary>Sets logging up as the options say.</summary>
internal static class GatewayLogging
{
    private const string Timestamp = "yyyy-MM-ddTHH:mm:ss.fffZ";

    /// <summary>Changes of the control plane are written down on every level of the log.</summary>
    public static ILoggingBuilder AddAuditLog(this ILoggingBuilder logging) => logging.AddFilter(AuditLog.Category, LogLevel.Information);

    public static ILoggingBuilder AddGatewayLog(this ILoggingBuilder logging, LogOptions options)
    {
        logging.Services.AddSingleton<LogLevelSwitch>();
        logging.Services.AddSingleton<IConfigureOptions<LoggerFilterOptions>>(static provider => provider.GetRequiredService<LogLevelSwitch>());
        logging.Services.AddSingleton<IOptionsChangeTokenSource<LoggerFilterOptions>>(static provider => provider.GetRequiredService<LogLevelSwitch>());
        // The host logs why it could not start, with a stack trace, and throws the same to Program, which says it in one line.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        // Says at each stop, a failed start included, that the process exits with 0; the exit code is Program's to choose.
        logging.AddFilter("Akka.Actor.CoordinatedShutdown", LogLevel.Warning);
        // Says of each bad token why it is bad, with a stack trace; the gateway says who was refused.
        logging.AddFilter("Microsoft.AspNetCore.Authentication", LogLevel.None);
        return options.Json
            ? logging.AddJsonConsole(static console =>
            {
                console.TimestampFormat = Timestamp;
                console.UseUtcTimestamp = true;
            })
            : logging.AddSimpleConsole(static console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = Timestamp + " ";
                console.UseUtcTimestamp = true;
            });
    }
}
