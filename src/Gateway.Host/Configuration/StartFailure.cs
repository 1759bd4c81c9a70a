using System.Net.Sockets;
using Gateway.Host.Observability.Metrics;
using Microsoft.AspNetCore.Connections;

namespace Gateway.Host.Configuration;

/// <summary>Says in one line why the gateway could not listen.</summary>
internal static class StartFailure
{
    /// <returns>Null for failures that the operator cannot mend, whose stack trace should be seen.</returns>
    public static string? Describe(Exception failure, ListenOptions listen)
    {
        if (failure is MetricsPortException { InnerException: { } cause } metrics)
            return Describe(cause, metrics.Place);
        var reason = failure switch
        {
            IOException { InnerException: AddressInUseException } => "is in use by another process",
            SocketException { SocketErrorCode: SocketError.AccessDenied } => "needs rights that this process does not have",
            SocketException { SocketErrorCode: SocketError.AddressNotAvailable } => "is not an address of this machine",
            SocketException { SocketErrorCode: SocketError.AddressFamilyNotSupported } => "is of a kind that this machine does not support",
            _ => null,
        };
        return reason is null ? null : $"cannot listen: {listen.Host} port {listen.Port} {reason}";
    }
}
