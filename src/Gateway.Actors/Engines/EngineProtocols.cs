using Gateway.Actors.Engines.SgLang;
using Gateway.Actors.Engines.TensorRtLlm;
using Gateway.Actors.Engines.Vllm;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Engines;

/// <summary>The engines that the gateway can speak to over gRPC.</summary>
internal static class EngineProtocols
{
    private static readonly IEngineProtocol[] All = [new SgLangProtocol(), new VllmProtocol(), new TensorRtLlmProtocol()];

    /// <summary>In the order in which an engine is asked whether it is one, the expected one first.</summary>
    public static IEnumerable<IEngineProtocol> InOrder(EngineRuntime expected) =>
        All.OrderBy(protocol => protocol.Runtime == expected ? 0 : 1);

    /// <summary>True if two such engines can do a generation in halves.</summary>
    public static bool CanPair(EngineRuntime runtime) => Array.Exists(All, protocol => protocol.Runtime == runtime && protocol.Pairing is not null);
}
