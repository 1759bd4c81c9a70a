using Gateway.Host.Configuration;
using Gateway.Host.Observability;

namespace Gateway.Host.Composition;

/// <summary>Lets web pages of the origins that the operator names read answers. Without any there is nothing in a request's way.</summary>
internal static class CorsComposition
{
    /// <summary>Stands for every origin.</summary>
    public const string Anywhere = "*";

    /// <summary>Browsers ask again after this time at most; Chromium after 2 h whatever is said.</summary>
    private static readonly TimeSpan PreflightAge = TimeSpan.FromHours(1);

    /// <summary>What a page may read beside the headers that are open to all.</summary>
    private static readonly string[] Readable =
    [
        RequestId.Header, "Retry-After", "x-ratelimit-limit-requests", "x-ratelimit-limit-tokens",
        "x-ratelimit-remaining-requests", "x-ratelimit-remaining-tokens", "x-ratelimit-reset-requests", "x-ratelimit-reset-tokens",
    ];

    public static IServiceCollection AddCors(this IServiceCollection services, SecurityOptions options)
    {
        if (options.CorsAllowedOrigins.IsEmpty)
            return services;
        return services.AddCors(cors => cors.AddDefaultPolicy(policy =>
        {
            // Credentials, which browsers add by themselves, are not asked for: keys are sent by the page.
            policy.AllowAnyMethod().AllowAnyHeader().WithExposedHeaders(Readable).SetPreflightMaxAge(PreflightAge);
            if (options.CorsAllowedOrigins.Contains(Anywhere))
                policy.AllowAnyOrigin();
            else
                policy.WithOrigins([.. options.CorsAllowedOrigins]);
        }));
    }

    /// <summary>Goes inside the envelope, so that errors have the headers too, and preflights are in the access log.</summary>
    public static void UseCors(this WebApplication app, SecurityOptions options)
    {
        if (!options.CorsAllowedOrigins.IsEmpty)
            app.UseCors();
    }
}
