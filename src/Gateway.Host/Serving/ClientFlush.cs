using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Gateway.Host.Serving;

/// <summary>Sends what is written of an answer, and counts for how long the client does not take it.</summary>
internal static class ClientFlush
{
    /// <exception cref="OperationCanceledException">The request was given up meanwhile.</exception>
    public static ValueTask<FlushResult> RunAsync(Exchange exchange, ActivityTimeout timeout)
    {
        var flush = exchange.Context.Response.BodyWriter.FlushAsync(timeout.Token);
        return flush.IsCompleted ? flush : AwaitAsync(exchange, flush, timeout);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<FlushResult> AwaitAsync(Exchange exchange, ValueTask<FlushResult> flush, ActivityTimeout timeout)
    {
        var since = timeout.Now;
        try
        {
            return await flush;
        }
        finally
        {
            exchange.Times.Client += timeout.Now - since;
        }
    }
}
