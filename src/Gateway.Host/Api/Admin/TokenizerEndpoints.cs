using Gateway.Host.Serving.Tokens.Planning;
using Gateway.Host.Serving.Tokens.Texts;

namespace Gateway.Host.Api.Admin;

/// <summary><c>/v1/tokenizers</c>: which tokenizers the gateway has, and new ones from its disk.</summary>
internal sealed class TokenizerEndpoints(ModelTexts texts, TextKeeper keeper) : IDisposable
{
    /// <summary>Reading one takes memory several times its size.</summary>
    private readonly SemaphoreSlim _reading = new(1);

    /// <summary><c>GET /v1/tokenizers</c></summary>
    public Task ListAsync(HttpContext context) => ControlPlaneAnswer.WriteAsync(context, StatusCodes.Status200OK, json =>
    {
        json.WriteStartArray("tokenizers"u8);
        foreach (var entry in texts.Table.Entries.OrderBy(static entry => entry.Name, StringComparer.Ordinal))
        {
            json.WriteStartObject();
            TokenizerInfo.Write(json, entry);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        TokenizerInfo.WriteCache(json, texts.Cache);
    });

    /// <summary><c>POST /v1/tokenizers</c>: answered when the tokenizer is in use, or cannot be.</summary>
    public async Task RegisterAsync(HttpContext context)
    {
        var request = await ControlPlaneBody.ReadAsync(context, TokenizerRequest.Read);
        RefuseIfTaken(request.Name);
        var entry = await ReadAsync(request, context.RequestAborted);
        if (!await keeper.RegisterAsync(entry, context.RequestAborted))
            RefuseIfTaken(request.Name);
        context.Response.Headers.Location = $"/v1/tokenizers/{entry.Id}";
        await ControlPlaneAnswer.WriteAsync(context, StatusCodes.Status201Created, json => TokenizerInfo.Write(json, entry));
    }

    /// <summary><c>GET /v1/tokenizers/{tokenizer_id}</c></summary>
    public Task GetAsync(HttpContext context)
    {
        var entry = Find(context);
        return ControlPlaneAnswer.WriteAsync(context, StatusCodes.Status200OK, json => TokenizerInfo.Write(json, entry));
    }

    /// <summary><c>GET /v1/tokenizers/{tokenizer_id}/status</c></summary>
    public Task GetStatusAsync(HttpContext context)
    {
        var entry = Find(context);
        return ControlPlaneAnswer.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteString("id"u8, entry.Id);
            TokenizerInfo.WriteStatus(json, entry);
        });
    }

    /// <summary><c>DELETE /v1/tokenizers/{tokenizer_id}</c></summary>
    public async Task RemoveAsync(HttpContext context)
    {
        var entry = Find(context);
        if (entry.Origin == TextOrigin.Configuration)
            throw new ControlPlaneException(StatusCodes.Status409Conflict, ControlPlaneCode.TokenizerConfigured, $"the tokenizer of '{entry.Name}' is configured: it goes with the configuration");
        if (!await keeper.RemoveAsync(entry, context.RequestAborted))
            throw NotFound(entry.Id);
        await ControlPlaneAnswer.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteBoolean("success"u8, true);
            json.WriteString(
                "message"u8, entry.Origin == TextOrigin.Worker ? "forgotten; workers are asked for it if their model needs it" : "forgotten");
        });
    }

    public void Dispose() => _reading.Dispose();

    private async Task<TextEntry> ReadAsync(TokenizerRequest request, CancellationToken cancellation)
    {
        await _reading.WaitAsync(cancellation);
        try
        {
            return await TextReading.RunAsync(() => new TextEntry
            {
                Id = TextEntry.NewId(),
                Name = request.Name,
                Origin = TextOrigin.Api,
                Source = request.Source,
                Files = ModelTextReader.Read(request.Source),
                Wishes = new TextWishes(
                    request.ChatTemplate is null ? null : ModelTextReader.ReadTemplate(request.ChatTemplate), request.ReasoningParser, request.ToolCallParser),
            });
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // A file that was not made for it may break its reading in any way.
            throw ControlPlaneException.BadRequest($"source: {failure.Message.ReplaceLineEndings(" ")}");
        }
        finally
        {
            _reading.Release();
        }
    }

    private void RefuseIfTaken(string name)
    {
        if (texts.Table.FindNamed(name) is { } other)
            throw new ControlPlaneException(StatusCodes.Status409Conflict, ControlPlaneCode.TokenizerAlreadyExists, $"'{name}' has a tokenizer already, from {other.Source}");
    }

    /// <summary>By its id, or by the name of its model, whose slashes must be escaped.</summary>
    private TextEntry Find(HttpContext context)
    {
        var id = Uri.UnescapeDataString((string)context.Request.RouteValues["tokenizer_id"]!);
        var table = texts.Table;
        return table.FindNamed(id)
            ?? table.Fetched.GetValueOrDefault(id)
            ?? table.Entries.FirstOrDefault(entry => entry.Id == id)
            ?? throw NotFound(id);
    }

    private static ControlPlaneException NotFound(string id) =>
        new(StatusCodes.Status404NotFound, ControlPlaneCode.TokenizerNotFound, $"there is no tokenizer '{(id.Length > 128 ? id[..128] : id)}'");
}
