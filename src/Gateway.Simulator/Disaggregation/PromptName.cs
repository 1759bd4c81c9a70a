using System.Globalization;
using Gateway.Simulator.Engine;

namespace Gateway.Simulator.Disaggregation;

/// <summary>Short names of prompts: equal for equal ones.</summary>
internal static class PromptName
{
    public static string Of(int[] prompt) => BlockHashes.OfAll(prompt, 0).ToString("x16", CultureInfo.InvariantCulture);
}
