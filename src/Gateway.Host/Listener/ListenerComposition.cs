using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Gateway.Host.Listener;

/// <summary>Where the gateway listens, with TLS or without.</summary>
internal static class ListenerComposition
{
    public static void AddListener(this WebApplicationBuilder builder, Configuration.ListenOptions listen)
    {
        builder.Services.AddSingleton<BlockPools>();
        builder.Services.AddSingleton<IMemoryPoolFactory<byte>>(static services => services.GetRequiredService<BlockPools>());
        if (!listen.Tls.IsOn)
        {
            builder.WebHost.UseUrls($"http://{listen.Host}:{listen.Port}");
            return;
        }

        builder.Services.AddSingleton<ListenerCertificates>();
        builder.Services.AddHostedService<CertificateFollower>();
        builder.Services.AddOptions<KestrelServerOptions>().Configure<ListenerCertificates>((kestrel, certificates) =>
        {
            if (listen.Host == "localhost")
                kestrel.ListenLocalhost(listen.Port, Encrypt);
            else
                kestrel.Listen(IPAddress.Parse(listen.Host.Trim('[', ']')), listen.Port, Encrypt);

            void Encrypt(ListenOptions endpoint) => endpoint.UseHttps(new TlsHandshakeCallbackOptions
            {
                OnConnection = _ => ValueTask.FromResult(certificates.ForConnection()),
            });
        });
    }
}
