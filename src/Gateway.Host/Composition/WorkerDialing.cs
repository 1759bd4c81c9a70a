using Gateway.Actors.Engines;
using Gateway.Host.Configuration;

namespace Gateway.Host.Composition;

/// <summary>How workers are connected to, as the options say.</summary>
internal static class WorkerDialing
{
    /// <exception cref="ConfigurationException">The files have gone bad since they were checked.</exception>
    public static EngineDialing Of(GatewayOptions options)
    {
        var tls = options.Fleet.Tls;
        try
        {
            return new EngineDialing(options.Timeouts.Connect)
            {
                Tls = EngineTls.Parse(Read(tls.CaPath), Read(tls.CertificatePath), Read(tls.KeyPath)),
                Guard = new AddressGuard(options.Security.AllowedWorkerNetworks),
            };
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new ConfigurationException($"the files of TLS towards workers have changed during the start: {failure.Message.ReplaceLineEndings(" ")}");
        }
    }

    private static string? Read(string? path) => path is null ? null : File.ReadAllText(path);
}
