using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Gateway.Actors.Workers;

namespace Gateway.Host.Serving;

/// <summary>
/// Passes an engine's answer on to the client as it comes: what is there is sent as soon as nothing more is waiting, so that a lone
/// event leaves at once and a burst leaves together. The client is sent nothing before the first byte of the body is here, so that
/// until then another worker can be tried. An answer that breaks after that is left to <see cref="BrokenAnswer"/>.
/// </summary>
internal sealed class ResponseRelay(BrokenAnswer brokenAnswer)
{
    /// <summary>Bytes that may wait to be sent while more are coming in without a pause.</summary>
    private const int MostHeld = 32 * 1024;

    /// <summary>Relays an answer.</summary>
    /// <exception cref="Exception">The worker failed before the first byte; see <see cref="UpstreamFailure"/>.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<AttemptEnd> RunAsync(Exchange exchange, Worker worker, HttpResponseMessage upstream, ActivityTimeout timeout)
    {
        var response = exchange.Context.Response;
        var stream = upstream.Content.ReadAsStream(CancellationToken.None);
        var shape = AnswerShape.Of(upstream, exchange.Endpoint!);
        var tail = default(SseTail);
        Exception? failure = null;
        var buffer = ArrayPool<byte>.Shared.Rent(shape.ReadSize);
        try
        {
            var read = await stream.ReadAsync(buffer, timeout.Token);
            timeout.Pause();
            if (read == 0 && shape.IsEventStream)
                throw new HttpIOException(HttpRequestError.ResponseEnded, "The stream ended before it began.");
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
                    response.BodyWriter.Write(buffer.AsSpan(0, read));
                    if (shape.IsEventStream)
                        tail.Append(buffer.AsSpan(0, read));
                    exchange.BytesSent += read;
                    held += read;
                    if (held >= MostHeld)
                    {
                        await response.BodyWriter.FlushAsync(timeout.Token);
                        held = 0;
                    }

                    var next = stream.ReadAsync(buffer, timeout.Token);
                    if (next.IsCompleted)
                    {
                        read = await next;
                        continue;
                    }

                    var unsent = held > 0 ? await TryFlushAsync(response.BodyWriter, timeout) : null;
                    held = 0;
                    timeout.AwaitMore();
                    // Awaited in any case: the buffer must not go back while it is being read into.
                    read = await next;
                    timeout.Pause();
                    if (unsent is not null)
                        throw unsent;
                }

                // Kestrel was seen to leave a remainder unsent when the request ends, if earlier flushes had to wait for the client.
                if (held > 0)
                    await response.BodyWriter.FlushAsync(timeout.Token);
            }
            catch (Exception exception) when (UpstreamFailure.Is(exception))
            {
                failure = exception;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        // Once [DONE] is through, nothing that happens can spoil the answer.
        return (failure is null && !shape.MustEndWithDone) || (shape.IsEventStream && tail.EndsWithDone)
            ? AttemptEnd.Answered(shape.Status)
            : await brokenAnswer.EndAsync(exchange, worker, shape, tail.IsBetweenEvents, timeout.Cause, failure);
    }

    /// <returns>Null, or why it failed: the request was given up while the client was slow to read.</returns>
    private static ValueTask<Exception?> TryFlushAsync(PipeWriter writer, ActivityTimeout timeout)
    {
        var flush = writer.FlushAsync(timeout.Token);
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
