using System.Text.Json;
using Gateway.Actors.Engines;
using Gateway.Actors.Registry;
using Gateway.Actors.Workers;

namespace Gateway.Host.Serving;

/// <summary>Makes the request that goes to an engine out of the one that came from a client.</summary>
internal sealed class UpstreamRequest(ForwardedHeaders headers)
{
    public HttpRequestMessage Create(Exchange exchange, Worker worker, HttpEngineClient client)
    {
        var request = exchange.Context.Request;
        // A query of the gateway's own GET endpoints is for the gateway.
        var query = exchange.Body is null ? QueryString.Empty : request.QueryString;
        var message = new HttpRequestMessage(
            exchange.Body is null ? HttpMethod.Get : HttpMethod.Post,
            EngineAddress.Of(client, exchange.Endpoint!.Path, query));
        if (exchange.Body is { } body)
            message.Content = Content(body, exchange.Peek, exchange.Model!);
        headers.CopyToEngine(exchange, worker, message);
        return message;
    }

    private static BodyContent Content(RequestBody body, in RequestPeek peek, ModelSnapshot model)
    {
        if (!peek.HasModel || model.Card.IsWildcard || IsCanonical(body.Span, peek, model))
            return new BodyContent(body, default, 0, 0);
        return new BodyContent(body, JsonSerializer.SerializeToUtf8Bytes(model.Id, ModelIdJson.Default.String), peek.ModelStart, peek.ModelStart + peek.ModelLength);
    }

    private static bool IsCanonical(ReadOnlySpan<byte> body, in RequestPeek peek, ModelSnapshot model) =>
        // An escaped name is replaced even if it is the canonical one: that is right too, and rare.
        !peek.ModelIsEscaped && peek.RawModel(body).SequenceEqual(model.IdUtf8.Span);
}
