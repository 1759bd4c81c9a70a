using System.Text.Json;

namespace Gateway.Host.Commands.Bench;

/// <summary>Endings as people and programs read them.</summary>
internal static class EndingWords
{
    /// <summary>Such as <c>error_status</c>.</summary>
    public static string Of(BenchEnding ending) => JsonNamingPolicy.SnakeCaseLower.ConvertName(ending.ToString());
}
