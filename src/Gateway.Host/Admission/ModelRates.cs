using System.Collections.Frozen;
using Gateway.Actors.Registry;
using Gateway.Host.Configuration;

namespace Gateway.Host.Admission;

/// <summary>The limits per minute of the models that have some. They outlast the models' workers, so that a restart of those refills nothing.</summary>
internal sealed class ModelRates(GatewayOptions options, TimeProvider time)
{
    private readonly FrozenDictionary<string, MinuteRates> _byModel = options.Models
        .Select(model => MinuteRates.Of(model.RequestsPerMinute, model.TokensPerMinute, time, model.Id))
        .OfType<MinuteRates>()
        .ToFrozenDictionary(static rates => rates.Model!, StringComparer.Ordinal);

    /// <summary>Of every model that has some.</summary>
    public IEnumerable<MinuteRates> All => _byModel.Values;

    /// <returns>Null if it has none.</returns>
    public MinuteRates? Of(ModelSnapshot model) => _byModel.GetValueOrDefault(model.Id);
}
