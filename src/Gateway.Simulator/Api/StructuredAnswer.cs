using System.Text.Json;
using Gateway.Simulator.Engine;

namespace Gateway.Simulator.Api;

/// <summary>Answers in JSON where <c>response_format</c> asks for it.</summary>
internal static class StructuredAnswer
{
    /// <returns>Null if plain text will do.</returns>
    public static Answer? TryAnswer(JsonElement request, int most)
    {
        var format = request.Get("response_format");
        return format?.GetText("type") switch
        {
            "json_object" => AnswerWriter.Fixed("""{"simulated": true, "model": null}""", most),
            "json_schema" when format?.Get("json_schema")?.Get("schema") is { } schema => AnswerWriter.Fixed(SchemaSample.Of(schema), most),
            _ => null,
        };
    }
}
