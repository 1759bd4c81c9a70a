using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Gateway.Actors.Registry;
using Gateway.Actors.Workers;

namespace Gateway.Host.Observability.Metrics;

/// <summary>What policies choose, and how much of the prompts the workers they choose are thought to have.</summary>
internal sealed class PolicyMetrics(GatewayMeter meter) : IMetricFamily
{
    private static readonly string[] Roles = ["regular", "prefill", "decode"];

    private readonly ConcurrentDictionary<PolicyKey, PolicySeries> _series = [];
    private readonly LabelBound _models = new(RequestMetrics.MostModels);
    private readonly bool _isOn = meter.IsOn;

    /// <returns>Null if nothing is measured.</returns>
    public PolicySeries? Of(ModelSnapshot model, WorkerRole role) => !_isOn
        ? null
        : _series.GetOrAdd(
            new PolicyKey(model.Policies.For(role).Choice.Name, Roles[(int)role], _models.Of(model.Id)), static _ => new PolicySeries());

    public void Register(GatewayMeter meter)
    {
        meter.Count("gateway.policy.decisions", "{decision}", "Choices of policies, and what came of them.", Decisions);
        meter.Count("gateway.policy.prompt.size", "By", "Prompts that a worker was chosen for.", () => Bytes(static one => one.PromptBytes));
        meter.Count("gateway.policy.prompt.known", "By", "The part of them that the chosen worker is thought to have in its cache.", () => Bytes(static one => one.KnownBytes));
        if (meter.HasSmgNames)
            meter.Count("smg_worker_selection_total", "", "Choices of policies.", Selections);
    }

    private IEnumerable<Measurement<long>> Decisions()
    {
        foreach (var (key, one) in _series)
        {
            yield return Of(key, "taken", one.Taken);
            if (one.Nobody > 0)
                yield return Of(key, "nobody", one.Nobody);
            if (one.Lost > 0)
                yield return Of(key, "lost", one.Lost);
        }
    }

    private IEnumerable<Measurement<long>> Bytes(Func<PolicySeries, long> read)
    {
        foreach (var (key, one) in _series)
            yield return new Measurement<long>(read(one), new("policy", key.Policy), new("role", key.Role), new("model", key.Model));
    }

    private IEnumerable<Measurement<long>> Selections()
    {
        foreach (var (key, one) in _series)
            yield return new Measurement<long>(one.Taken, new("worker_type", key.Role), new("model", key.Model), new("policy", key.Policy));
    }

    private static Measurement<long> Of(PolicyKey key, string result, long count) => new(
        count, new("policy", key.Policy), new("role", key.Role), new("model", key.Model), new("result", result));
}
