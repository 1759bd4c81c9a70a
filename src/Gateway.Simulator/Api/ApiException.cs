using System.Text.Json;
using Gateway.Simulator.Engine;

namespace Gateway.Simulator.Api;

/// <summary>A request that is answered with an error in OpenAI's shape.</summary>
internal sealed class ApiException : Exception
{
    public ApiException(int status, string code, string message, string? parameter = null)
        : base(message)
    {
        Status = status;
        Code = code;
        Parameter = parameter;
    }

    public int Status { get; }

    public string Code { get; }

    /// <summary>The field of the request that is at fault.</summary>
    public string? Parameter { get; }

    public string Type => Status switch
    {
        401 => "authentication_error",
        404 => "not_found_error",
        429 => "rate_limit_error",
        >= 500 => "server_error",
        _ => "invalid_request_error",
    };

    /// <summary>The request was good, and its generation failed.</summary>
    public static ApiException Failed(GenerationFailedException failure) => new(500, "generation_failed", failure.Message);

    public static ApiException Invalid(string parameter, string message) => new(400, "invalid_value", message, parameter);

    /// <summary>Writes it in OpenAI's shape.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartObject("error");
        json.WriteString("message", Message);
        json.WriteString("type", Type);
        json.WriteString("param", Parameter);
        json.WriteString("code", Code);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
