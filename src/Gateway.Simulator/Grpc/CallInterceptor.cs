using Gateway.Simulator.Api;
using Gateway.Simulator.Engine;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Gateway.Simulator.Grpc;

/// <summary>Breaks answers as the call's fault says, and puts what the simulator throws into gRPC's words.</summary>
internal sealed class CallInterceptor : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await context.Exchange().BreakIfFaultyAsync();
            return await continuation(request, context);
        }
        catch (Exception error)
        {
            throw await TranslateAsync(error, context.Exchange());
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(request, new FaultyStreamWriter<TResponse>(responseStream, context), context);
        }
        catch (Exception error)
        {
            throw await TranslateAsync(error, context.Exchange());
        }
    }

    private static async Task<Exception> TranslateAsync(Exception error, Exchange exchange)
    {
        switch (error)
        {
            case ApiException refusal:
                return new RpcException(new Status(GrpcCalls.StatusOf(refusal.Status), refusal.Message));
            case GenerationFailedException failure:
                return new RpcException(new Status(StatusCode.Internal, failure.Message));
            case StreamFaultException or EngineStoppedException:
                await exchange.ResetAsync();
                return new RpcException(new Status(StatusCode.Unavailable, error.Message));
            case RpcException or OperationCanceledException or IOException:
                return error;
            default:
                // A bug of the simulator: whoever sees it should be able to report it.
                return exchange.Aborted.IsCancellationRequested ? error : new RpcException(new Status(StatusCode.Unknown, error.ToString()));
        }
    }
}
