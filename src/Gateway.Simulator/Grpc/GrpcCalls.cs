using Gateway.Simulator.Api;
using Grpc.Core;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Simulator.Grpc;

/// <summary>From gRPC's view of a call to the simulator's.</summary>
internal static class GrpcCalls
{
    public static Exchange Exchange(this ServerCallContext call) => call.GetHttpContext().Features.GetRequiredFeature<Exchange>();

    /// <summary>The gRPC status for what would be an HTTP status.</summary>
    public static StatusCode StatusOf(int status) => status switch
    {
        400 => StatusCode.InvalidArgument,
        401 => StatusCode.Unauthenticated,
        403 => StatusCode.PermissionDenied,
        404 => StatusCode.NotFound,
        408 or 504 => StatusCode.DeadlineExceeded,
        409 => StatusCode.AlreadyExists,
        429 => StatusCode.ResourceExhausted,
        501 => StatusCode.Unimplemented,
        502 or 503 => StatusCode.Unavailable,
        < 500 => StatusCode.InvalidArgument,
        _ => StatusCode.Internal,
    };
}
