using System.Text.Json;
using Gateway.Host.Admission;
using Gateway.Host.Serving;
using Gateway.Host.Serving.Tokens.Requests;
using Gateway.Host.Serving.Tokens.Texts;

namespace Gateway.Host.Api.Texts;

/// <summary>
/// The way of a question about text, which the gateway answers by itself: gate, key, body, answer. Large texts take their turn on the threads
/// that long prompts have, and nobody works on for a client that is gone.
/// </summary>
internal sealed class TextQuestion(AdmissionGate gate, ApiKeyCheck keys, RequestBodyReader bodies)
{
    public RequestDelegate With(Func<FieldReader, CancellationToken, TextAnswer> answer) => context => ServeAsync(context, answer);

    private async Task ServeAsync(HttpContext context, Func<FieldReader, CancellationToken, TextAnswer> answer)
    {
        if (gate.TryEnter() is { } refusal)
        {
            await OpenAiError.WriteAsync(context, refusal);
            return;
        }

        var exchange = Exchange.Of(context);
        try
        {
            exchange.Tenant = keys.TenantOf(context.Request, out var error);
            error ??= await bodies.ReadAsync(exchange);
            if (error is not null)
            {
                await OpenAiError.WriteAsync(context, error);
                return;
            }

            var said = await AnswerAsync(exchange.Body!, answer, context.RequestAborted);
            if (said.Error is not null)
                await OpenAiError.WriteAsync(context, said.Error);
            else
                await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, said.Json);
        }
        finally
        {
            exchange.Body?.Release();
            gate.Exit();
        }
    }

    private static async ValueTask<TextAnswer> AnswerAsync(
        RequestBody body, Func<FieldReader, CancellationToken, TextAnswer> answer, CancellationToken cancellation) =>
        body.Length <= PromptLanes.LargestShort
            ? Answer(body, answer, cancellation)
            : await PromptLanes.RunAsync(body.Length, () => Answer(body, answer, cancellation), cancellation);

    private static TextAnswer Answer(RequestBody body, Func<FieldReader, CancellationToken, TextAnswer> answer, CancellationToken cancellation)
    {
        JsonDocument document;
        try
        {
            document = RequestJson.Parse(body.Memory, out _);
        }
        catch (JsonException)
        {
            return GatewayError.InvalidJson;
        }

        using (document)
        {
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? answer(new FieldReader(document.RootElement), cancellation)
                : GatewayError.BodyIsNoObject;
        }
    }
}
