using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Host.Api.Admin;

/// <summary>Reads the body of a control-plane request.</summary>
internal static class ControlPlaneBody
{
    /// <summary>A worker's description is far smaller.</summary>
    private const int Largest = 1024 * 1024;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private static readonly JsonElement NoFields = JsonDocument.Parse("{}").RootElement;

    /// <summary>The same where all fields may be left out: no body at all counts as an empty object.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    public static async Task<T> ReadOptionalAsync<T>(HttpContext context, Func<JsonElement, T> read)
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != false)
            return await ReadAsync(context, read);
        try
        {
            return read(NoFields);
        }
        catch (FormatException failure)
        {
            throw ControlPlaneException.BadRequest(failure.Message);
        }
    }

    /// <summary>Reads the body as JSON, and makes something of it.</summary>
    /// <param name="context">The request's.</param>
    /// <param name="read">May throw <see cref="FormatException"/>, which becomes a 400 with its message.</param>
    public static async Task<T> ReadAsync<T>(HttpContext context, Func<JsonElement, T> read)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = Largest;
        try
        {
            using var document = await JsonDocument.ParseAsync(context.Request.Body, Strict, context.RequestAborted);
            return read(document.RootElement);
        }
        catch (JsonException failure)
        {
            throw ControlPlaneException.BadRequest(
                $"the body is not valid JSON (line {failure.LineNumber + 1 ?? 1}, byte {failure.BytePositionInLine + 1 ?? 1})");
        }
        catch (FormatException failure)
        {
            throw ControlPlaneException.BadRequest(failure.Message);
        }
    }
}
