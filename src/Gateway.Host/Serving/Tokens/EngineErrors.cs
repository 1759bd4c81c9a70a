using System.Net;
using System.Net.Http.Headers;
using Gateway.Actors.Engines.Generation;
using Gateway.Host.Api;

namespace Gateway.Host.Serving.Tokens;

/// <summary>What an engine's refusals are in the OpenAI API.</summary>
internal sealed partial class EngineErrors(ILogger<EngineErrors> log)
{
    public GatewayError Of(EngineException exception)
    {
        switch (exception.Fault)
        {
            // What is wrong with a request the engine says best.
            case EngineFault.InvalidRequest:
                return new GatewayError(StatusCodes.Status400BadRequest, "invalid_request_error", "invalid_request", exception.Message);
            case EngineFault.Unsupported:
                return new GatewayError(
                    StatusCodes.Status400BadRequest, "invalid_request_error", "unsupported", $"The model's engine does not support this request: {exception.Message}.");
            case EngineFault.Busy:
                return new GatewayError(
                    StatusCodes.Status503ServiceUnavailable, "server_error", "engine_busy", "The model's engine is full.", RetryAfterSeconds: 1);
            case EngineFault.Timeout:
                return GatewayError.UpstreamTimeout;
            default:
                LogFailure(exception.Fault, exception.Message);
                return new GatewayError(
                    StatusCodes.Status500InternalServerError, "server_error", "engine_error", "The model's engine failed to serve the request.");
        }
    }

    /// <summary>The error as the answer that an engine would have given over HTTP.</summary>
    public static HttpResponseMessage AnswerOf(GatewayError error)
    {
        var answer = new HttpResponseMessage((HttpStatusCode)error.Status) { Content = new ReadOnlyMemoryContent(OpenAiError.Format(error)) };
        answer.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (error.RetryAfterSeconds is { } seconds)
            answer.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(seconds));
        return answer;
    }

    [LoggerMessage(1, LogLevel.Warning, "An engine failed ({Fault}): {Reason}")]
    private partial void LogFailure(EngineFault fault, string reason);
}
