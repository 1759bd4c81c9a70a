using System.Text.Json;
using Gateway.Actors.Engines;
using Gateway.Actors.Registry;
using Gateway.Actors.Workers;

namespace Gateway.Host.Serving;

/// <summary>Makes the request that goes to an engine out of the one that came from a client.</summary>
internal sealed class UpstreamRequest(ForwardedHeaders headers)
{
    /// <param name="exchange">The client's request.</param>
    /// <param name="worker">Whom it is for.</param>
    /// <param name="client">The worker's.</param>
    /// <param name="added">JSON members for the end of the body's object, each with a comma before it; or none.</param>
    public HttpRequestMessage Create(Exchange exchange, Worker worker, HttpEngineClient client, ReadOnlyMemory<byte> added = default)
    {
        var request = exchange.Context.Request;
        // A query of the gateway's own GET endpoints is for the gateway.
        var query = exchange.Body is null ? QueryString.Empty : request.QueryString;
        var message = new HttpRequestMessage(
            exchange.Body is null ? HttpMethod.Get : HttpMethod.Post,
            EngineAddress.Of(client, exchange.Endpoint!.Path, query));
        if (exchange.Body is { } body)
            message.Content = new BodyContent(body, ModelEdit(body, exchange.Peek, exchange.Model!), Addition(exchange.Peek, DataParallelRank.AddTo(added, worker)));
        headers.CopyToEngine(exchange, worker, message);
        DataParallelRank.AddTo(message, worker);
        return message;
    }

    private static BodyEdit ModelEdit(RequestBody body, in RequestPeek peek, ModelSnapshot model)
    {
        if (!peek.HasModel || model.Card.IsWildcard || IsCanonical(body.Span, peek, model))
            return BodyEdit.None;
        var id = JsonSerializer.SerializeToUtf8Bytes(model.Id, ModelIdJson.Default.String);
        return new BodyEdit(peek.ModelStart, peek.ModelStart + peek.ModelLength, id);
    }

    /// <summary>At the end, since of members with the same name the last one counts: a client cannot overrule the gateway.</summary>
    private static BodyEdit Addition(in RequestPeek peek, ReadOnlyMemory<byte> added) =>
        added.IsEmpty ? BodyEdit.None : new BodyEdit(peek.ObjectEnd, peek.ObjectEnd, peek.IsEmpty ? added[1..] : added);

    private static bool IsCanonical(ReadOnlySpan<byte> body, in RequestPeek peek, ModelSnapshot model) =>
        // An escaped name is replaced even if it is the canonical one: that is right too, and rare.
        !peek.ModelIsEscaped && peek.RawModel(body).SequenceEqual(model.IdUtf8.Span);
}
