using Gateway.Host.Api;
using Microsoft.Net.Http.Headers;

namespace Gateway.Host.Dashboard.Page;

/// <summary><c>GET /dashboard</c> and the page's files. Whoever asks gets them: they are the same for all, and show nothing without the control plane.</summary>
internal static class PageEndpoint
{
    public const string Path = "/dashboard";

    public const string FilePath = "/dashboard/{file}";

    /// <summary>
    /// The page may load its own files and talk to its own gateway, and nothing else: should a worker's name or an error ever be taken for
    /// markup, no script in it would run. It cannot be framed, so that nobody is led to press its buttons unawares.
    /// </summary>
    private const string ContentSecurity =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    public static Task GetPageAsync(HttpContext context)
    {
        // The page's links are relative, so that it works behind a proxy that adds a path of its own.
        if (context.Request.Path.Value!.EndsWith('/'))
        {
            context.Response.StatusCode = StatusCodes.Status308PermanentRedirect;
            context.Response.Headers.Location = "../dashboard";
            return Task.CompletedTask;
        }

        return WriteAsync(context, PageFiles.Index);
    }

    public static Task GetFileAsync(HttpContext context)
    {
        if (PageFiles.Find(context.Request.RouteValues["file"] as string ?? "") is { } file)
            return WriteAsync(context, file);
        return OpenAiError.WriteAsync(context, GatewayError.UnknownUrl(context.Request.Method, context.Request.Path.Value ?? ""));
    }

    private static async Task WriteAsync(HttpContext context, PageFile file)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurity;
        headers.XFrameOptions = "DENY";
        headers.XContentTypeOptions = "nosniff";
        headers[HeaderNames.CacheControl] = "no-cache";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.ETag = file.Tag;
        if (context.Request.Headers.IfNoneMatch.Contains(file.Tag))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        context.Response.ContentType = file.ContentType;
        context.Response.ContentLength = file.Content.Length;
        await context.Response.Body.WriteAsync(file.Content, context.RequestAborted);
    }
}
