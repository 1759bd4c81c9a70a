using System.Buffers;
using System.Text;
using Gateway.Actors.Registry;
using Gateway.Host.Api;

namespace Gateway.Host.Serving;

/// <summary>Which model a request means, in whatever snapshot is current.</summary>
internal sealed class ModelLookup(RegistryView view)
{
    private const int LongestOnStack = 256;

    /// <summary>Looks the request's model up in the current snapshot and keeps it in the exchange.</summary>
    /// <returns>Null if it was found, else the client's error.</returns>
    public GatewayError? Find(Exchange exchange)
    {
        if (exchange.Body is null)
            return FindForQuery(exchange);
        var peek = exchange.Peek;
        if (!peek.HasModel)
            return FindUnnamed(exchange);
        var body = exchange.Body.Span;
        if (!peek.ModelIsEscaped)
            return FindNamed(exchange, peek.RawModel(body));

        var rented = peek.ModelLength > LongestOnStack ? ArrayPool<byte>.Shared.Rent(peek.ModelLength) : null;
        var name = rented ?? stackalloc byte[LongestOnStack];
        var error = peek.TryUnescapeModel(body, name, out var length) ? FindNamed(exchange, name[..length]) : GatewayError.InvalidJson;
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
        return error;
    }

    /// <summary>A request without a body may name the model in its query; else any will do that has a worker.</summary>
    private GatewayError? FindForQuery(Exchange exchange)
    {
        string? name = exchange.Context.Request.Query["model"];
        if (!string.IsNullOrEmpty(name))
            return FindNamed(exchange, Encoding.UTF8.GetBytes(name));
        var snapshot = view.Current;
        foreach (var (_, model) in snapshot.Models)
        {
            if (!model.HasHttpWorkers)
                continue;
            exchange.Model = model;
            return null;
        }

        exchange.Model = snapshot.FindModel([]);
        return exchange.Model is null ? GatewayError.NoHealthyWorkers : null;
    }

    private GatewayError? FindNamed(Exchange exchange, ReadOnlySpan<byte> name)
    {
        exchange.Model = view.Current.FindModel(name);
        return exchange.Model is null ? GatewayError.ModelNotFound(Encoding.UTF8.GetString(name)) : null;
    }

    /// <summary>The only model there is, if there is only one; failing that, the workers that serve any.</summary>
    private GatewayError? FindUnnamed(Exchange exchange)
    {
        if (exchange.Endpoint!.ModelRequired)
            return GatewayError.ModelMissing;
        var snapshot = view.Current;
        exchange.Model = snapshot.Models.Count == 1 ? Only(snapshot) : snapshot.FindModel([]);
        if (exchange.Model is not null)
            return null;
        return snapshot.Models.IsEmpty ? GatewayError.NoHealthyWorkers : GatewayError.ModelIsAmbiguous;
    }

    private static ModelSnapshot? Only(RegistrySnapshot snapshot)
    {
        foreach (var (_, model) in snapshot.Models)
            return model;
        return null;
    }
}
