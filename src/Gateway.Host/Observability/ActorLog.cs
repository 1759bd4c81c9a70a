using Akka.Actor;
using Akka.Event;
using Akka.Hosting.Logging;
using AkkaLogLevel = Akka.Event.LogLevel;
using HostLogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace Gateway.Host.Observability;

/// <summary>
/// Writes what actors log as the host writes everything else: under the actor's class, on one line. The base class would put Akka's
/// own time, level, thread and path before each message, where the host says most of it already.
/// </summary>
internal sealed class ActorLog : LoggerFactoryLogger
{
    private readonly ILoggerFactory _factory = Context.System.Settings.Setup.Get<LoggerFactorySetup>().Value.LoggerFactory;
    private readonly Dictionary<Type, ILogger> _loggers = [];

    protected override void Log(LogEvent log, ActorPath path)
    {
        var level = log.LogLevel() switch
        {
            AkkaLogLevel.DebugLevel => HostLogLevel.Debug,
            AkkaLogLevel.InfoLevel => HostLogLevel.Information,
            AkkaLogLevel.WarningLevel => HostLogLevel.Warning,
            _ => HostLogLevel.Error,
        };
        if (!_loggers.TryGetValue(log.LogClass, out var logger))
            _loggers[log.LogClass] = logger = _factory.CreateLogger(log.LogClass.FullName ?? log.LogClass.Name);
        logger.Log(level, eventId: 0, log.Message, log.Cause, static (message, _) => message.ToString() ?? "");
    }
}

/// <summary>For what Akka says before its logger has started and after it has ended: the host tells of starting and stopping.</summary>
internal sealed class SilentActorLog : MinimalLogger
{
    protected override void Log(object message)
    {
    }
}
