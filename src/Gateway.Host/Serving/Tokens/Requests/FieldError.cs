using System.Globalization;
using System.Text.Json;
using Gateway.Host.Api;

namespace Gateway.Host.Serving.Tokens.Requests;

/// <summary>What is wrong with a field of a request, in the words and codes of the OpenAI API.</summary>
internal static class FieldError
{
    private const int LongestQuotedValue = 100;

    public static GatewayError Missing(string name) => Of(name, "missing_required_parameter", $"Missing required parameter: '{name}'.");

    /// <param name="name">Of the field, with its path.</param>
    /// <param name="expected">With an article, such as "a decimal".</param>
    /// <param name="actual">What stands there.</param>
    public static GatewayError WrongType(string name, string expected, JsonElement actual) =>
        Of(name, "invalid_type", $"Invalid type for '{name}': expected {expected}, but got {KindOf(actual)} instead.");

    public static GatewayError TooLow(string name, double min, double actual, bool isInteger) => Of(
        name,
        isInteger ? "integer_below_min_value" : "decimal_below_min_value",
        $"Invalid '{name}': {Number(isInteger)} below minimum value. Expected a value >= {Write(min)}, but got {Write(actual)} instead.");

    public static GatewayError TooHigh(string name, double max, double actual, bool isInteger) => Of(
        name,
        isInteger ? "integer_above_max_value" : "decimal_above_max_value",
        $"Invalid '{name}': {Number(isInteger)} above maximum value. Expected a value <= {Write(max)}, but got {Write(actual)} instead.");

    public static GatewayError EmptyArray(string name) => Of(
        name, "empty_array", $"Invalid '{name}': empty array. Expected an array with minimum length 1, but got an empty array instead.");

    public static GatewayError TooMany(string name, int most, int actual) => Of(
        name, "array_above_max_length", $"Invalid '{name}': array too long. Expected an array with maximum length {most}, but got an array with length {actual} instead.");

    public static GatewayError NotAmong(string name, string actual, params ReadOnlySpan<string> supported)
    {
        var quoted = new string[supported.Length];
        for (var i = 0; i < quoted.Length; i++)
            quoted[i] = $"'{supported[i]}'";
        return Of(name, "invalid_value", $"Invalid value: '{Cut(actual)}'. Supported values are: {string.Join(", ", quoted)}.");
    }

    public static GatewayError Invalid(string name, string message) => Of(name, "invalid_value", message);

    public static GatewayError Unsupported(string name, string message) => Of(name, "unsupported_parameter", message);

    private static GatewayError Of(string name, string code, string message) =>
        new(StatusCodes.Status400BadRequest, "invalid_request_error", code, message, name);

    private static string KindOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => value.TryGetInt64(out _) ? "an integer" : "a decimal",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        _ => "null",
    };

    private static string Number(bool isInteger) => isInteger ? "integer" : "decimal";

    private static string Write(double value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Cut(string value) => value.Length <= LongestQuotedValue ? value : value[..LongestQuotedValue] + "…";
}
