using Gateway.Host.Admission;

namespace Gateway.Host.Api.Admin;

/// <summary>Whom an endpoint of the control plane answers.</summary>
internal sealed record RequiredRole(KeyRole Role);
