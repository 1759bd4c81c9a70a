using System.Globalization;
using System.Text.Json;
using Gateway.Host.Serving;

namespace Gateway.Host.Api;

/// <summary>The one place that writes errors, in OpenAI's shape: <c>{"error":{"message","type","param","code"}}</c>.</summary>
internal static class OpenAiError
{
    /// <summary>Answers with an error. The response must not have started.</summary>
    public static Task WriteAsync(HttpContext context, GatewayError error)
    {
        if (context.Features.Get<Exchange>() is { } exchange)
            exchange.ErrorCode = error.Code;
        var headers = context.Response.Headers;
        if (error.RetryAfterSeconds is { } seconds)
            headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        if (error.Status == StatusCodes.Status401Unauthorized)
            headers.WWWAuthenticate = "Bearer";
        return JsonAnswer.WriteAsync(context, error.Status, json => Write(json, error));
    }

    /// <summary>The error's JSON in UTF-8.</summary>
    public static ReadOnlyMemory<byte> Format(GatewayError error) => JsonAnswer.Format(json => Write(json, error));

    private static void Write(Utf8JsonWriter json, GatewayError error)
    {
        json.WriteStartObject();
        json.WriteStartObject("error"u8);
        json.WriteString("message"u8, error.Message);
        json.WriteString("type"u8, error.Type);
        json.WriteString("param"u8, error.Parameter);
        json.WriteString("code"u8, error.Code);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
