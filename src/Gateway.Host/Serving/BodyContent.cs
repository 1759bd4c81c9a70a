using System.Net;

namespace Gateway.Host.Serving;

/// <summary>
/// The client's body on its way to an engine, as the same bytes but for two places at most: the canonical id goes out where the client
/// named the model by an alias, and at the end of the object stands what the gateway adds. The body then goes out in slices.
/// </summary>
/// <param name="body">Held while it is being sent.</param>
/// <param name="model">In the model's name.</param>
/// <param name="added">Behind the last member, and so behind <paramref name="model"/>.</param>
internal sealed class BodyContent(RequestBody body, BodyEdit model, BodyEdit added) : HttpContent
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
            var sent = 0;
            if (!model.ChangesNothing)
            {
                await stream.WriteAsync(bytes[..model.Start], cancellationToken);
                await stream.WriteAsync(model.Bytes, cancellationToken);
                sent = model.End;
            }

            if (!added.ChangesNothing)
            {
                await stream.WriteAsync(bytes[sent..added.Start], cancellationToken);
                await stream.WriteAsync(added.Bytes, cancellationToken);
                sent = added.End;
            }

            await stream.WriteAsync(bytes[sent..], cancellationToken);
        }
        finally
        {
            body.Release();
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = body.Length + model.Growth + added.Growth;
        return true;
    }
}
