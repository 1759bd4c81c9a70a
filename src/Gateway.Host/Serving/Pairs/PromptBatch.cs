namespace Gateway.Host.Serving.Pairs;

/// <summary>Tells a batch of prompts from a single one.</summary>
internal static class PromptBatch
{
    /// <param name="prompt">The JSON of the prompt: text, token ids, chat messages, or an array of texts or of token ids.</param>
    /// <returns>How many prompts the batch has; null if it is none.</returns>
    public static int? Count(ReadOnlySpan<byte> prompt)
    {
        var scanner = new JsonScanner(prompt);
        if (!scanner.TryTake((byte)'[') || !scanner.TrySkipValue(out var first) || prompt[first.Start] is not ((byte)'"' or (byte)'['))
            return null;
        var count = 1;
        while (scanner.TryTake((byte)',') && scanner.TrySkipValue(out _))
            count++;
        return count;
    }
}
