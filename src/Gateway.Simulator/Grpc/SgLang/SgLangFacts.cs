using System.Globalization;
using Gateway.Simulator.Api;
using Gateway.Wire.SgLang;
using Google.Protobuf.WellKnownTypes;

namespace Gateway.Simulator.Grpc.SgLang;

/// <summary>What SGLang tells of itself, as far as gateways read it.</summary>
internal static class SgLangFacts
{
    public static GetModelInfoResponse Model(SimulatorOptions options) => new()
    {
        ModelPath = ModelFacts.PathOf(options),
        TokenizerPath = ModelFacts.PathOf(options),
        IsGeneration = true,
        ServedModelName = options.Model,
        MaxContextLength = options.MaxModelLength,
        MaxReqInputLen = options.MaxModelLength - 1,
        VocabSize = options.VocabularySize,
        EosTokenIds = { options.EndOfTextToken },
        WeightVersion = "default",
    };

    public static GetServerInfoResponse Server(Exchange exchange)
    {
        var options = exchange.Options;
        var load = exchange.Engines.Load;
        var most = options.MaxRunningRequests;
        return new GetServerInfoResponse
        {
            ServerArgs = Fields(
                ("model_path", Value.ForString(ModelFacts.PathOf(options))),
                ("served_model_name", Value.ForString(options.Model)),
                ("dp_size", Value.ForNumber(options.DataParallelSize)),
                ("tp_size", Value.ForNumber(1)),
                ("page_size", Value.ForNumber(options.KvBlockTokens)),
                ("max_running_requests", Value.ForNumber(most * options.DataParallelSize)),
                ("disaggregation_mode", Value.ForString(ModelFacts.ModeOf(options.Role)))),
            SchedulerInfo = Fields(
                ("max_running_requests", Value.ForNumber(most)),
                ("max_total_num_tokens", Value.ForNumber(exchange.Engines.Ranks[0].Load.CapacityTokens))),
            ActiveRequests = load.Running + load.Waiting,
            UptimeSeconds = exchange.Life.Uptime.TotalSeconds,
            SglangVersion = ModelFacts.Version,
            ServerType = "grpc",
            MaxTotalNumTokens = exchange.Engines.Ranks[0].Load.CapacityTokens,
        };
    }

    public static GetLoadsResponse Loads(Exchange exchange, int? rank)
    {
        var answer = new GetLoadsResponse
        {
            Timestamp = exchange.Options.TimeProvider.GetUtcNow().ToString("O", CultureInfo.InvariantCulture),
            Version = ModelFacts.Version,
            DpRankCount = exchange.Options.DataParallelSize,
        };
        foreach (var engine in exchange.Engines.Ranks)
        {
            var load = engine.Load;
            if (rank is not null && rank != engine.Rank)
                continue;
            answer.Loads.Add(new SchedulerLoad
            {
                DpRank = engine.Rank,
                NumRunningReqs = load.Running,
                NumWaitingReqs = load.Waiting,
                NumTotalReqs = load.Running + load.Waiting,
                NumWaitingUncachedTokens = load.WaitingTokens,
                NumUsedTokens = load.UsedTokens,
                MaxTotalNumTokens = load.CapacityTokens,
                TokenUsage = load.Usage,
                CacheHitRate = Metrics.CacheHitRate(exchange.Life.Stats),
                Utilization = (double)load.Running / exchange.Options.MaxRunningRequests,
                MaxRunningRequests = exchange.Options.MaxRunningRequests,
            });
        }

        return answer;
    }

    private static Struct Fields(params ReadOnlySpan<(string Name, Value Value)> fields)
    {
        var message = new Struct();
        foreach (var (name, value) in fields)
            message.Fields.Add(name, value);
        return message;
    }
}
