using Akka.Configuration;
using Akka.Hosting;
using Gateway.Actors;
using Gateway.Actors.Engines;
using Gateway.Actors.Registry;
using Gateway.Host.Configuration;

namespace Gateway.Host.Composition;

/// <summary>The control path: the actor system with the registry, and the view through which the request path sees it.</summary>
internal static class ActorSystemComposition
{
    public const string ActorSystemName = "gateway";

    public static IServiceCollection AddControlPath(this IServiceCollection services, GatewayOptions options)
    {
        services.AddSingleton(RegistryView.Create(out var publisher));
        services.AddSingleton(TimeProvider.System);
        return services.AddAkka(ActorSystemName, (akka, provider) => akka
            .AddHocon(GatewayHocon.Load(), HoconAddMode.Append)
            .AddHocon(Overrides(options), HoconAddMode.Prepend)
            .WithActors((system, registry) =>
            {
                var settings = new RegistrySettings
                {
                    Health = options.Health,
                    Breaker = options.Breaker,
                    Policy = options.Fleet.Policy,
                    DrainTimeout = options.Fleet.DrainTimeout,
                    MaxConcurrentProbes = options.Fleet.MaxConcurrentProbes,
                };
                var connector = new EngineConnector(options.Timeouts.Connect, settings.MaxConcurrentProbes);
                registry.Register<RegistryActor>(system.ActorOf(
                    RegistryActor.Props(publisher, settings, connector, provider.GetRequiredService<TimeProvider>()),
                    "registry"));
            }));
    }

    private static Config Overrides(GatewayOptions options) => options.ActorConfigFile is { } file
        ? ConfigurationFactory.ParseString(File.ReadAllText(file))
        : Config.Empty;
}
