namespace Gateway.Actors.Engines.Generation;

/// <summary>Reads the engines' words for why a choice ended.</summary>
internal static class FinishReasons
{
    /// <summary>"stop", "length" and "abort", and in TensorRT-LLM "cancelled", "timeout" and the like; nothing said is a plain end.</summary>
    public static FinishReason Read(string said) => said switch
    {
        "stop" or "" => FinishReason.Stop,
        "length" => FinishReason.Length,
        "abort" or "aborted" or "cancelled" or "timeout" or "error" => FinishReason.Abort,
        _ => FinishReason.Stop,
    };
}
