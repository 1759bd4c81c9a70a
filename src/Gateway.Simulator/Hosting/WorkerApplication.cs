using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Simulator.Hosting;

/// <summary>Gives each request to whom the port belongs on which it came.</summary>
internal sealed class WorkerApplication : IHttpApplication<HttpContext>
{
    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public Task ProcessRequestAsync(HttpContext context) =>
        context.Features.GetRequiredFeature<IRequestHandler>().HandleAsync(context);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
    }
}
