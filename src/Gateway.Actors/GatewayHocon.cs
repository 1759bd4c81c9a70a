using Akka.Configuration;

namespace Gateway.Actors;

/// <summary>The actor systems' configuration, as embedded in this assembly from <c>hocon/</c>.</summary>
public static class GatewayHocon
{
    /// <summary>Of the gateway's own actors.</summary>
    public static Config Load() => Load("gateway.conf");

    /// <summary>Of the actors that meet those of other gateways.</summary>
    public static Config LoadCluster() => Load("cluster.conf");

    private static Config Load(string file)
    {
        using var stream = typeof(GatewayHocon).Assembly.GetManifestResourceStream($"hocon.{file}")
            ?? throw new InvalidOperationException($"hocon/{file} is not embedded in this assembly.");
        using var reader = new StreamReader(stream);
        return ConfigurationFactory.ParseString(reader.ReadToEnd());
    }
}
