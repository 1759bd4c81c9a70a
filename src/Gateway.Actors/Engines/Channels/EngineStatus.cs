using Gateway.Actors.Engines.Generation;
using Grpc.Core;

namespace Gateway.Actors.Engines.Channels;

/// <summary>The one place where a gRPC status becomes an <see cref="EngineFault"/>.</summary>
internal static class EngineStatus
{
    public static EngineFault FaultOf(RpcException exception) => exception.StatusCode switch
    {
        StatusCode.InvalidArgument => EngineFault.InvalidRequest,
        StatusCode.ResourceExhausted => EngineFault.Busy,
        StatusCode.Unavailable => EngineFault.Unreachable,
        StatusCode.DeadlineExceeded => EngineFault.Timeout,
        StatusCode.Unimplemented => EngineFault.Unsupported,
        StatusCode.Unauthenticated or StatusCode.PermissionDenied => EngineFault.Unauthorized,
        _ => IsBrokenConnection(exception) ? EngineFault.Unreachable : EngineFault.Failed,
    };

    /// <summary>What to throw for a failed call.</summary>
    /// <param name="exception">How it failed.</param>
    /// <param name="cancelled">True if the caller cancelled, or let go of the call.</param>
    public static Exception ToException(RpcException exception, bool cancelled) =>
        cancelled && exception.StatusCode == StatusCode.Cancelled
            ? new OperationCanceledException(exception.Status.Detail, exception)
            : new EngineException(FaultOf(exception), exception.Status.Detail, exception);

    /// <summary>A connection that breaks in a call is reported as INTERNAL, UNKNOWN or CANCELLED, which an engine may also say; only then something below gRPC failed.</summary>
    private static bool IsBrokenConnection(RpcException exception) =>
        BrokenConnection.Explains(exception.Status.DebugException);
}
