using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Gateway.Actors.Workers;

namespace Gateway.Host.Serving;

/// <summary>
/// Passes an engine's answer on to the client as it comes: what is there is sent as soon as nothing more is waiting, so that a lone
/// event leaves at once and a burst leaves together. The client is sent nothing before the first byte of the body is here, or the first
/// whole event of a stream, so that until then another worker can be tried. An answer that breaks after that is left to <see cref="BrokenAnswer"/>.
/// </summary>
internal sealed class ResponseRelay(BrokenAnswer brokenAnswer)
{
    /// <summary>Bytes that may wait to be sent while more are coming in without a pause.</summary>
    private const int MostHeld = 32 * 1024;

    /// <summary>Relays an answer.</summary>
    /// <param name="exchange">Whose answer it is.</param>
    /// <param name="worker">Who gives it.</param>
    /// <param name="upstream">Its head has come.</param>
    /// <param name="timeout">The request's clock.</param>
    /// <param name="body">Null, or what stands in for the answer's own body.</param>
    /// <returns>How it ended; with an answer in it, the client was sent nothing yet, for the engine began with an error event.</returns>
    /// <exception cref="Exception">The worker failed before the first byte; see <see cref="UpstreamFailure"/>.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<AttemptEnd> RunAsync(
        Exchange exchange, Worker worker, HttpResponseMessage upstream, ActivityTimeout timeout, Stream? body = null)
    {
        var response = exchange.Context.Response;
        var stream = body ?? upstream.Content.ReadAsStream(CancellationToken.None);
        var shape = AnswerShape.Of(upstream, exchange.Endpoint!);
        Exception? failure = null;
        var buffer = new AnswerBuffer(shape.ReadSize, shape.IsEventStream);
        try
        {
            int read;
            do
            {
                read = await stream.ReadAsync(buffer.Next(), timeout.Token);
                if (read == 0 && shape.IsEventStream)
                    throw new HttpIOException(HttpRequestError.ResponseEnded, "the stream ended before its first event");
            }
            while (buffer.Take(read) == 0 && read > 0);

            timeout.Pause();
            if (shape.IsEventStream && FirstEventError.TryRead(buffer.Ready, out var error))
                return AttemptEnd.SetAside(error);
            exchange.Lease.Answering.EndPrefill();
            exchange.Arrived(timeout.PausedAt);
            ForwardedHeaders.CopyToClient(upstream, response);
            if (read == 0)
                return AttemptEnd.Answered(shape.Status);
            // Started now, Kestrel takes what is written straight into its output; else it would keep a copy.
            await response.StartAsync(CancellationToken.None);
            try
            {
                var held = 0;
                while (read > 0)
                {
                    held += Write(exchange, buffer.Ready);
                    if (held >= MostHeld)
                    {
                        await ClientFlush.RunAsync(exchange, timeout);
                        held = 0;
                    }

                    // A read of no bytes waits for some at half the price of a read into a buffer: SocketsHttpHandler has less to remember.
                    var arrival = stream.ReadAsync(Memory<byte>.Empty, timeout.Token);
                    var isAwaited = !arrival.IsCompletedSuccessfully;
                    if (isAwaited)
                    {
                        await FlushAndAwaitAsync(exchange, arrival, held, timeout);
                        held = 0;
                    }

                    var next = stream.ReadAsync(buffer.Next(), timeout.Token);
                    if (next.IsCompletedSuccessfully)
                    {
                        read = next.Result;
                    }
                    else
                    {
                        read = await FlushAndAwaitAsync(exchange, next, held, timeout);
                        held = 0;
                        isAwaited = true;
                    }

                    if (isAwaited && read > 0)
                        exchange.Arrived(timeout.PausedAt);

                    buffer.Take(read);
                }

                if (!shape.MustEndWithDone || buffer.EndsWithDone)
                    held += Write(exchange, buffer.Rest);
                // Kestrel was seen to leave a remainder unsent when the request ends, if earlier flushes had to wait for the client.
                if (held > 0)
                    await ClientFlush.RunAsync(exchange, timeout);
            }
            catch (Exception exception) when (UpstreamFailure.Is(exception))
            {
                failure = exception;
            }
        }
        finally
        {
            buffer.Dispose();
        }

        // Once [DONE] is through, nothing that happens can spoil the answer.
        return (failure is null && !shape.MustEndWithDone) || buffer.EndsWithDone
            ? AttemptEnd.Answered(shape.Status)
            : await brokenAnswer.EndAsync(exchange, worker, shape, buffer.IsBetweenEvents, timeout.Cause, failure);
    }

    private static int Write(Exchange exchange, ReadOnlySpan<byte> bytes)
    {
        exchange.Context.Response.BodyWriter.Write(bytes);
        exchange.Usage?.Append(bytes);
        exchange.BytesSent += bytes.Length;
        return bytes.Length;
    }

    /// <summary>Sends what is held, since nothing more is here, and waits for the worker.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<int> FlushAndAwaitAsync(Exchange exchange, ValueTask<int> pending, int held, ActivityTimeout timeout)
    {
        var unsent = held > 0 ? await TryFlushAsync(exchange, timeout) : null;
        timeout.AwaitMore();
        // Awaited in any case: the buffer must not go back while it is being read into.
        var read = await pending;
        timeout.Pause();
        return unsent is null ? read : throw unsent;
    }

    /// <returns>Null, or why it failed: the request was given up while the client was slow to read.</returns>
    private static ValueTask<Exception?> TryFlushAsync(Exchange exchange, ActivityTimeout timeout)
    {
        var flush = ClientFlush.RunAsync(exchange, timeout);
        if (!flush.IsCompletedSuccessfully)
            return TryAsync(flush);
        _ = flush.Result;
        return default;

        static async ValueTask<Exception?> TryAsync(ValueTask<FlushResult> flush)
        {
            try
            {
                await flush;
                return null;
            }
            catch (Exception exception) when (UpstreamFailure.Is(exception))
            {
                return exception;
            }
        }
    }
}
