using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Gateway.LoadBench.Servers;

/// <summary>Takes whatever it is sent over OTLP's gRPC, and forgets it.</summary>
internal static class CollectorServer
{
    /// <summary>A message of no bytes behind its prefix: all was taken.</summary>
    private static readonly byte[] Taken = new byte[5];

    public static WebApplication Create()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.ConfigureEndpointDefaults(static endpoint => endpoint.Protocols = HttpProtocols.Http2));
        var app = builder.Build();
        app.Run(static async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            context.Response.ContentType = "application/grpc";
            await context.Response.Body.WriteAsync(Taken);
            context.Response.AppendTrailer("grpc-status", "0");
        });
        return app;
    }
}
