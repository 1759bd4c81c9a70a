using Grpc.Core;

namespace Gateway.Actors.Engines;

/// <summary>Questions without whose answer an engine can be served all the same.</summary>
internal static class EngineQuestion
{
    /// <returns>Null if the engine does not know the question.</returns>
    public static async Task<T?> UnlessUnimplementedAsync<T>(AsyncUnaryCall<T> call)
        where T : class
    {
        try
        {
            return await call.ConfigureAwait(false);
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.Unimplemented)
        {
            return null;
        }
    }

    /// <returns>Null if the engine does not answer.</returns>
    public static async Task<T?> UnlessFailedAsync<T>(AsyncUnaryCall<T> call)
        where T : class
    {
        try
        {
            return await call.ConfigureAwait(false);
        }
        catch (RpcException)
        {
            return null;
        }
    }
}
