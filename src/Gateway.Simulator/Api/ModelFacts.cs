namespace Gateway.Simulator.Api;

/// <summary>What a worker says about itself and its model.</summary>
internal static class ModelFacts
{
    /// <summary>OpenAI's name for the build that answered.</summary>
    public const string Fingerprint = "fp_simulated";

    public const string Version = "0.1.0+simulated";

    public static string OwnerOf(SimulatedRuntime runtime) => runtime == SimulatedRuntime.Vllm ? "vllm" : "sglang";

    /// <summary>SGLang's word for a role; for none, the text "null".</summary>
    public static string ModeOf(SimulatorRole role) => role switch
    {
        SimulatorRole.Prefill => "prefill",
        SimulatorRole.Decode => "decode",
        _ => "null",
    };

    /// <summary>Where the weights would be.</summary>
    public static string PathOf(SimulatorOptions options) => $"simulated/{options.Model}";
}
