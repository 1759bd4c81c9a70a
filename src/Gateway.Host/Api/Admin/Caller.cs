using Gateway.Host.Admission;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Host.Api.Admin;

/// <summary>Who has sent a request to the control plane, for endpoints that answer one differently from another.</summary>
internal sealed record Caller(KeyRole Role)
{
    public static Caller Of(HttpContext context) => context.Features.GetRequiredFeature<Caller>();
}
