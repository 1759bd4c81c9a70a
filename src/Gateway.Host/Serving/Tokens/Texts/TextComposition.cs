using Gateway.Host.Configuration;
using Gateway.Host.Serving.Tokens.Planning;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gateway.Host.Serving.Tokens.Texts;

/// <summary>What it takes to know the text of models.</summary>
internal static class TextComposition
{
    public static IServiceCollection AddTexts(this IServiceCollection services)
    {
        services.AddSingleton(static provider => ModelTexts.Load(provider.GetRequiredService<GatewayOptions>()));
        services.AddSingleton<DownloadFolder>();
        services.TryAddSingleton<ITokenizerFetcher, TokenizerFetcher>();
        services.AddSingleton<TextKeeper>();
        services.AddHostedService(static provider => provider.GetRequiredService<TextKeeper>());
        return services;
    }
}
