using Gateway.Host.Api.Admin.Engines;
using Gateway.Host.Configuration;
using Gateway.Host.Observability;

namespace Gateway.Host.Api.Admin;

/// <summary>The control plane's endpoints, and how they are put into the application.</summary>
internal static class ControlPlane
{
    public static IServiceCollection AddControlPlane(this IServiceCollection services) => services
        .AddSingleton<RegistryCommands>()
        .AddSingleton<LeaseCommands>()
        .AddSingleton<WorkerRegistration>()
        .AddSingleton<WorkerEndpoints>()
        .AddSingleton<PolicyEndpoints>()
        .AddSingleton<TokenizerEndpoints>()
        .AddSingleton<LoadEndpoint>()
        .AddSingleton<EngineEndpoints>()
        .AddSingleton<AdapterListEndpoint>();

    /// <summary>Needs <see cref="GatewayOptions"/>, the registry's view and its actor among the services.</summary>
    public static void MapControlPlane(this IEndpointRouteBuilder app)
    {
        var security = app.ServiceProvider.GetRequiredService<GatewayOptions>().Security;
        if (security.DisableControlPlane)
            return;
        var workers = app.ServiceProvider.GetRequiredService<WorkerEndpoints>();
        var guard = new ControlPlaneGuard(security);
        var audit = app.ServiceProvider.GetRequiredService<AuditLog>();
        Map(HttpMethods.Get, "/workers", workers.ListAsync);
        Map(HttpMethods.Post, "/workers", workers.RegisterAsync);
        Map(HttpMethods.Get, "/workers/{worker_id}", workers.GetAsync);
        Map(HttpMethods.Put, "/workers/{worker_id}", workers.ReplaceAsync);
        Map(HttpMethods.Patch, "/workers/{worker_id}", workers.UpdateAsync);
        Map(HttpMethods.Delete, "/workers/{worker_id}", workers.RemoveAsync);
        Map(HttpMethods.Put, "/workers/{worker_id}/lease", workers.RenewAsync);
        Map(HttpMethods.Post, "/workers/{worker_id}/refresh", workers.RefreshAsync);
        var policies = app.ServiceProvider.GetRequiredService<PolicyEndpoints>();
        Map(HttpMethods.Get, "/policies", policies.ListAsync);
        Map(HttpMethods.Put, "/policies", policies.ChooseAsync);
        Map(HttpMethods.Delete, "/policies", policies.TakeBackAsync);
        Map(HttpMethods.Get, "/policies/{**model}", policies.GetAsync);
        Map(HttpMethods.Put, "/policies/{**model}", policies.ChooseAsync);
        Map(HttpMethods.Delete, "/policies/{**model}", policies.TakeBackAsync);
        var tokenizers = app.ServiceProvider.GetRequiredService<TokenizerEndpoints>();
        Map(HttpMethods.Get, "/v1/tokenizers", tokenizers.ListAsync);
        Map(HttpMethods.Post, "/v1/tokenizers", tokenizers.RegisterAsync);
        Map(HttpMethods.Get, "/v1/tokenizers/{tokenizer_id}", tokenizers.GetAsync);
        Map(HttpMethods.Get, "/v1/tokenizers/{tokenizer_id}/status", tokenizers.GetStatusAsync);
        Map(HttpMethods.Delete, "/v1/tokenizers/{tokenizer_id}", tokenizers.RemoveAsync);
        Map(HttpMethods.Get, "/get_loads", app.ServiceProvider.GetRequiredService<LoadEndpoint>().GetAsync);
        var engines = app.ServiceProvider.GetRequiredService<EngineEndpoints>();
        Map(HttpMethods.Post, "/flush_cache", engines.FlushCacheAsync);
        Map(HttpMethods.Post, "/start_profile", engines.StartProfileAsync);
        Map(HttpMethods.Post, "/stop_profile", engines.StopProfileAsync);
        Map(HttpMethods.Post, "/load_lora_adapter", engines.LoadAdapterAsync);
        Map(HttpMethods.Post, "/unload_lora_adapter", engines.UnloadAdapterAsync);
        Map(HttpMethods.Get, "/list_lora_adapters", app.ServiceProvider.GetRequiredService<AdapterListEndpoint>().GetAsync);

        void Map(string method, string pattern, RequestDelegate handler) =>
            app.MapMethods(pattern, [method], HttpMethods.IsGet(method) || security.DisableAuditLog
                ? context => ServeAsync(guard, handler, context)
                : context => ChangeAsync(guard, audit, handler, context));
    }

    /// <summary>The same for what changes something: it is written down whatever comes of it.</summary>
    private static async Task ChangeAsync(ControlPlaneGuard guard, AuditLog audit, RequestDelegate handler, HttpContext context)
    {
        var status = StatusCodes.Status500InternalServerError;
        var mayPass = guard.Judge(context) is null;
        try
        {
            await ServeAsync(guard, handler, context);
            status = context.Response.StatusCode;
        }
        finally
        {
            audit.Write(context, mayPass ? guard.Right(context) : "nobody", status);
        }
    }

    private static async Task ServeAsync(ControlPlaneGuard guard, RequestDelegate handler, HttpContext context)
    {
        try
        {
            if (guard.Judge(context) is { } refusal)
                throw refusal;
            await handler(context);
        }
        catch (ControlPlaneException failure)
        {
            if (failure.Status == StatusCodes.Status401Unauthorized)
                context.Response.Headers.WWWAuthenticate = "Bearer";
            await ControlPlaneAnswer.WriteErrorAsync(context, failure.Status, failure.Code, failure.Message);
        }
        catch (BadHttpRequestException failure)
        {
            await ControlPlaneAnswer.WriteErrorAsync(
                context,
                failure.StatusCode,
                failure.StatusCode == StatusCodes.Status413PayloadTooLarge ? ControlPlaneCode.PayloadTooLarge : ControlPlaneCode.BadRequest,
                failure.Message);
        }
    }
}
