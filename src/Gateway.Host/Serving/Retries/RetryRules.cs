using System.Collections.Frozen;
using Gateway.Actors.Registry;
using Gateway.Actors.Workers;
using Gateway.Host.Configuration;

namespace Gateway.Host.Serving.Retries;

/// <summary>
/// Which retry settings hold: what a worker overrides goes before what its model overrides, and that before the gateway's. A model's are
/// put together once, at the start, so that nothing is allocated to ask for them.
/// </summary>
internal sealed class RetryRules(GatewayOptions options)
{
    private readonly FrozenDictionary<string, RetryOptions> _byModel = options.Models
        .Where(static model => model.Retry is not null)
        .ToFrozenDictionary(static model => model.Id, model => options.Retry.With(model.Retry), StringComparer.Ordinal);

    /// <summary>For a request that has not failed on any worker.</summary>
    /// <param name="model">Null if it has left the registry in the meantime: the gateway's settings hold then.</param>
    public RetryOptions For(ModelSnapshot? model) =>
        model is null ? options.Retry : _byModel.GetValueOrDefault(model.Id, options.Retry);

    /// <summary>For a request that has just failed on this worker.</summary>
    public RetryOptions For(ModelSnapshot? model, Worker worker) => For(model).With(worker.Spec.Retry);
}
