namespace Gateway.Simulator;

/// <summary>Whose surface a simulated worker shows: over HTTP beside the OpenAI one.</summary>
public enum SimulatedRuntime
{
    SgLang,
    Vllm,
}
