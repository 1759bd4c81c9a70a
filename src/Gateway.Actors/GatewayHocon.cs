using Akka.Configuration;

namespace Gateway.Actors;

/// <summary>The actor system's configuration, as embedded in this assembly from <c>hocon/</c>.</summary>
public static class GatewayHocon
{
    public static Config Load()
    {
        using var stream = typeof(GatewayHocon).Assembly.GetManifestResourceStream("hocon.gateway.conf")
            ?? throw new InvalidOperationException("hocon/gateway.conf is not embedded in this assembly.");
        using var reader = new StreamReader(stream);
        return ConfigurationFactory.ParseString(reader.ReadToEnd());
    }
}
