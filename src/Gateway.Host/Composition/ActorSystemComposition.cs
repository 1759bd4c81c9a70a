using Akka.Configuration;
using Akka.Hosting;
using Gateway.Actors;
using Gateway.Actors.Discovery.Leases;
using Gateway.Actors.Engines;
using Gateway.Actors.Registry;
using Gateway.Host.Configuration;
using Gateway.Host.Observability;
using AkkaLogLevel = Akka.Event.LogLevel;

namespace Gateway.Host.Composition;

/// <summary>The control path: the actor system with the registry, and the view through which the request path sees it.</summary>
internal static class ActorSystemComposition
{
    public const string ActorSystemName = "gateway";

    public static IServiceCollection AddControlPath(this IServiceCollection services, GatewayOptions options)
    {
        services.AddSingleton(RegistryView.Create(out var publisher));
        services.AddSingleton<LeaseView>();
        services.AddSingleton(TimeProvider.System);
        // Hosted services start in this order: the engines have their addresses when the actors ask for them.
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<EmbeddedEngines>(provider, options.Fleet));
        services.AddHostedService(static provider => provider.GetRequiredService<EmbeddedEngines>());
        return services.AddAkka(ActorSystemName, (akka, provider) => akka
            .AddHocon(GatewayHocon.Load(), HoconAddMode.Append)
            .AddHocon(Overrides(options), HoconAddMode.Prepend)
            .ConfigureLoggers(loggers =>
            {
                loggers.LogLevel = LevelOf(options.Log);
                loggers.ClearLoggers();
                loggers.AddLogger<ActorLog>();
            })
            .AddHocon(SilentStart, HoconAddMode.Prepend)
            .WithActors((system, registry) =>
            {
                var settings = RegistryOptions.Of(options);
                var connector = new EngineConnector(WorkerDialing.Of(options), settings.MaxConcurrentProbes);
                registry.Register<RegistryActor>(system.ActorOf(
                    RegistryActor.Props(publisher, settings, connector, provider.GetRequiredService<TimeProvider>()),
                    "registry"));
                registry.Register<LeaseActor>(system.ActorOf(
                    LeaseActor.Props(
                        registry.Get<RegistryActor>(),
                        provider.GetRequiredService<RegistryView>(),
                        provider.GetRequiredService<LeaseView>(),
                        provider.GetRequiredService<TimeProvider>()),
                    "leases"));
            })
            .WithDiscovery(options, provider));
    }

    private static Config SilentStart => ConfigurationFactory.ParseString(
        $"akka.stdout-logger-class = \"{typeof(SilentActorLog).AssemblyQualifiedName}\"");

    private static AkkaLogLevel LevelOf(LogOptions options) => options.Level switch
    {
        "debug" => AkkaLogLevel.DebugLevel,
        "info" => AkkaLogLevel.InfoLevel,
        "warn" => AkkaLogLevel.WarningLevel,
        _ => AkkaLogLevel.ErrorLevel,
    };

    private static Config Overrides(GatewayOptions options) => options.ActorConfigFile is { } file
        ? ConfigurationFactory.ParseString(File.ReadAllText(file))
        : Config.Empty;
}
