namespace Gateway.Simulator;

/// <summary>Whose HTTP surface a simulated worker shows beside the OpenAI one.</summary>
public enum SimulatedRuntime
{
    SgLang,
    Vllm,
}
