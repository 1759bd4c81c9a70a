using System.Buffers;
using System.Runtime.CompilerServices;
using Gateway.Actors.Workers;

namespace Gateway.Host.Serving;

/// <summary>
/// Passes an engine's answer on to the client as it comes. The client is sent nothing before the first byte of the body is here,
/// so that until then another worker can be tried. An answer that breaks after that is left to <see cref="BrokenAnswer"/>.
/// </summary>
internal sealed class ResponseRelay(BrokenAnswer brokenAnswer)
{
    private const int FirstRead = 16 * 1024;

    /// <summary>Relays an answer.</summary>
    /// <exception cref="Exception">The worker failed before the first byte; see <see cref="UpstreamFailure"/>.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<AttemptEnd> RunAsync(Exchange exchange, Worker worker, HttpResponseMessage upstream, ActivityTimeout timeout)
    {
        var response = exchange.Context.Response;
        var stream = upstream.Content.ReadAsStream(CancellationToken.None);
        var shape = AnswerShape.Of(upstream, exchange.Endpoint!);
        var tail = default(SseTail);
        int held;

        var first = ArrayPool<byte>.Shared.Rent(FirstRead);
        try
        {
            held = await stream.ReadAsync(first, timeout.Token);
            timeout.Pause();
            if (held == 0 && shape.IsEventStream)
                throw new HttpIOException(HttpRequestError.ResponseEnded, "The stream ended before it began.");
            ForwardedHeaders.CopyToClient(upstream, response);
            if (held == 0)
                return AttemptEnd.Answered(shape.Status);
            // With the response started, what is read next goes straight into Kestrel's own memory.
            await response.StartAsync(CancellationToken.None);
            response.BodyWriter.Write(first.AsSpan(0, held));
            Note(first.AsSpan(0, held), exchange, shape, ref tail);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(first);
        }

        Exception? failure = null;
        try
        {
            while (true)
            {
                if (held > shape.MayHold)
                {
                    await response.BodyWriter.FlushAsync(timeout.Token);
                    held = 0;
                }

                var memory = response.BodyWriter.GetMemory(shape.ReadSize(exchange.BytesSent));
                var pending = stream.ReadAsync(memory, timeout.Token);
                if (!pending.IsCompleted)
                    timeout.AwaitMore();
                var read = await pending;
                timeout.Pause();
                if (read == 0)
                    break;
                Note(memory.Span[..read], exchange, shape, ref tail);
                response.BodyWriter.Advance(read);
                held += read;
            }
        }
        catch (Exception exception) when (UpstreamFailure.Is(exception))
        {
            failure = exception;
        }

        // Once [DONE] is through, nothing that happens can spoil the answer.
        return (failure is null && !shape.MustEndWithDone) || (shape.IsEventStream && tail.EndsWithDone)
            ? AttemptEnd.Answered(shape.Status)
            : await brokenAnswer.EndAsync(exchange, worker, shape, tail.IsBetweenEvents, timeout.Cause, failure);
    }

    private static void Note(ReadOnlySpan<byte> piece, Exchange exchange, in AnswerShape shape, ref SseTail tail)
    {
        exchange.BytesSent += piece.Length;
        if (shape.IsEventStream)
            tail.Append(piece);
    }
}
