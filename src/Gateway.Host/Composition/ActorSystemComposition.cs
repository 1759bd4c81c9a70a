using Akka.Configuration;
using Akka.Hosting;
using Gateway.Actors;
using Gateway.Actors.Discovery.Leases;
using Gateway.Actors.Engines;
using Gateway.Actors.Registrations;
using Gateway.Actors.Registry;
using Gateway.Actors.Routing.Peers;
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
        // Hosted services start in this order: the engines have their addresses when the actors ask for them.
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<EmbeddedEngines>(provider, options.Fleet));
        services.AddHostedService(static provider => provider.GetRequiredService<EmbeddedEngines>());
        return services.AddAkka(ActorSystemName, (akka, provider) => akka
            .AddHocon(GatewayHocon.Load(), HoconAddMode.Append)
            .AddHocon(Overrides(options), HoconAddMode.Prepend)
            .LogToHost(AkkaLogLevel.DebugLevel)
            .WithActors((system, registry) =>
            {
                var settings = RegistryOptions.Of(options);
                var connector = new EngineConnector(WorkerDialing.Of(options), settings.MaxConcurrentProbes);
                registry.Register<RegistryActor>(system.ActorOf(
                    RegistryActor.Props(publisher, settings, connector, provider.GetRequiredService<TimeProvider>(), provider.GetService<PrefixSharing>()),
                    "registry"));
                registry.Register<LeaseActor>(system.ActorOf(
                    LeaseActor.Props(
                        registry.Get<RegistryActor>(),
                        provider.GetRequiredService<RegistryView>(),
                        provider.GetRequiredService<LeaseView>(),
                        provider.GetRequiredService<TimeProvider>()),
                    "leases"));
            })
            .WithRegistrations(options, provider)
            .WithDiscovery(options, provider));
    }

    /// <summary>
    /// What actors log goes where everything else is logged, which also says how much of it is written. An actor finds out once, when it is
    /// born, what it need not say at all, so that here only what nobody may ever want to see is kept back.
    /// </summary>
    /// <param name="akka">Of an actor system.</param>
    /// <param name="lowest">What is not kept back.</param>
    public static AkkaConfigurationBuilder LogToHost(this AkkaConfigurationBuilder akka, AkkaLogLevel lowest) => akka
        .ConfigureLoggers(loggers =>
        {
            loggers.LogLevel = lowest;
            loggers.ClearLoggers();
            loggers.AddLogger<ActorLog>();
        })
        .AddHocon(SilentStart, HoconAddMode.Prepend);

    /// <summary>Registrations are kept in a file, for other gateways, or not at all.</summary>
    private static AkkaConfigurationBuilder WithRegistrations(
        this AkkaConfigurationBuilder akka, GatewayOptions options, IServiceProvider services)
    {
        var file = StateFolders.Registrations(options);
        if (file is null && !options.Cluster.IsEnabled)
            return akka;
        return akka.WithActors((system, actors) => actors.Register<RegistrationKeeperActor>(system.ActorOf(
            RegistrationKeeperActor.SupervisedProps(
                actors.Get<RegistryActor>(),
                file,
                services.GetRequiredService<LeaseView>(),
                actors.Get<LeaseActor>(),
                services.GetRequiredService<TimeProvider>()),
            "registrations")));
    }

    private static Config SilentStart => ConfigurationFactory.ParseString(
        $"akka.stdout-logger-class = \"{typeof(SilentActorLog).AssemblyQualifiedName}\"");

    private static Config Overrides(GatewayOptions options) => options.ActorConfigFile is { } file
        ? ConfigurationFactory.ParseString(File.ReadAllText(file))
        : Config.Empty;
}
