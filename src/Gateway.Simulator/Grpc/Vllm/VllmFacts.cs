using System.Globalization;
using Gateway.Simulator.Api;
using Gateway.Wire.Vllm;

namespace Gateway.Simulator.Grpc.Vllm;

/// <summary>What vLLM tells of itself, as far as gateways read it.</summary>
internal static class VllmFacts
{
    public static GetModelInfoResponse Model(SimulatorOptions options) => new()
    {
        ModelPath = ModelFacts.PathOf(options),
        TokenizerPath = ModelFacts.PathOf(options),
        IsGeneration = true,
        ServedModelName = options.Model,
        MaxContextLength = (uint)options.MaxModelLength,
        MaxReqInputLen = options.MaxModelLength - 1,
        VocabSize = (uint)options.VocabularySize,
        EosTokenIds = { options.EndOfTextToken },
    };

    public static GetServerInfoResponse Server(Exchange exchange)
    {
        var options = exchange.Options;
        var load = exchange.Engines.Load;
        return new GetServerInfoResponse
        {
            ActiveRequests = (uint)(load.Running + load.Waiting),
            UptimeSeconds = exchange.Life.Uptime.TotalSeconds,
            ServerType = "vllm-grpc",
            KvConnector = options.Role == SimulatorRole.Regular ? "" : $"{options.KvConnector}Connector",
            KvRole = options.Role switch { SimulatorRole.Prefill => "kv_producer", SimulatorRole.Decode => "kv_consumer", _ => "" },
            KvEngineId = options.Role == SimulatorRole.Regular ? "" : exchange.Life.KvEngineId,
            DataParallelSize = options.DataParallelSize,
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
}
