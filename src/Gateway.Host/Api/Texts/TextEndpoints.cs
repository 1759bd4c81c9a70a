namespace Gateway.Host.Api.Texts;

/// <summary>The questions about text, and how they are put into the application.</summary>
internal static class TextEndpoints
{
    public static IServiceCollection AddTextEndpoints(this IServiceCollection services) => services
        .AddSingleton<TextQuestion>()
        .AddSingleton<TokenizeEndpoints>()
        .AddSingleton<ParseEndpoints>();

    public static void MapTextEndpoints(this IEndpointRouteBuilder app)
    {
        var question = app.ServiceProvider.GetRequiredService<TextQuestion>();
        var tokens = app.ServiceProvider.GetRequiredService<TokenizeEndpoints>();
        var parsing = app.ServiceProvider.GetRequiredService<ParseEndpoints>();
        string[] post = [HttpMethods.Post];
        app.MapMethods("/v1/tokenize", post, question.With(tokens.Tokenize));
        app.MapMethods("/v1/detokenize", post, question.With(tokens.Detokenize));
        app.MapMethods("/parse/function_call", post, question.With(parsing.FunctionCalls));
        app.MapMethods("/parse/reasoning", post, question.With(parsing.Reasoning));
    }
}
