using System.Net;

namespace Gateway.Host.Serving;

/// <summary>
/// The client's body on its way to an engine, as the same bytes. Where the client named the model by an alias, the canonical id
/// takes the alias's place: the body then goes out as three slices.
/// </summary>
/// <param name="body">Held while it is being sent.</param>
/// <param name="replacement">What takes the place of the slice, or empty to change nothing.</param>
/// <param name="start">Where the slice begins.</param>
/// <param name="end">Where it ends.</param>
internal sealed class BodyContent(RequestBody body, ReadOnlyMemory<byte> replacement, int start, int end) : HttpContent
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (!body.TryHold())
            throw new IOException("The request has ended.");
        try
        {
            var bytes = body.Memory;
            if (replacement.IsEmpty)
            {
                await stream.WriteAsync(bytes, cancellationToken);
                return;
            }

            await stream.WriteAsync(bytes[..start], cancellationToken);
            await stream.WriteAsync(replacement, cancellationToken);
            await stream.WriteAsync(bytes[end..], cancellationToken);
        }
        finally
        {
            body.Release();
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = replacement.IsEmpty ? body.Length : body.Length - (end - start) + replacement.Length;
        return true;
    }
}
