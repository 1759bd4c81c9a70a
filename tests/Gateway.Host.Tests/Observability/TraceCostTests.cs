using Gateway.Host.Api;
using Gateway.Host.Configuration;
using Gateway.Host.Observability.Traces;
using Microsoft.AspNetCore.Http;

namespace Gateway.Host.Tests.Observability;

public sealed class TraceCostTests
{
    [Theory]
    [InlineData(false, "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")]
    [InlineData(true, "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00")]
    [InlineData(true, null)]
    [InlineData(true, "nonsense")]
    public void A_request_that_is_not_traced_allocates_nothing(bool isEnabled, string? parent)
    {
        using var tracer = new RequestTracer(new GatewayOptions { Traces = new TraceOptions { IsEnabled = isEnabled, SampleRatio = 0 } });
        var request = new DefaultHttpContext().Request;
        request.Headers.TraceParent = parent;
        var endpoint = ServedEndpoint.Generation[0];
        Assert.Null(tracer.Begin(request, endpoint));

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            tracer.Begin(request, endpoint);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
