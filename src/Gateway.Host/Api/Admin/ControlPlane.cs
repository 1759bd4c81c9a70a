using Gateway.Host.Admission;
using Gateway.Host.Api.Admin.Engines;
using Gateway.Host.Api.Admin.Tokens;
using Gateway.Host.Configuration;
using Gateway.Host.Dashboard;
using Gateway.Host.Observability;

namespace Gateway.Host.Api.Admin;

/// <summary>
/// The control plane's endpoints, whom each of them answers, and how they are put into the application. Looking is for viewers; what changes
/// where requests go is for operators; what has the gateway or an engine read or write files is for admins.
/// </summary>
internal static class ControlPlane
{
    public static IServiceCollection AddControlPlane(this IServiceCollection services) => services
        .AddSingleton<RegistryCommands>()
        .AddSingleton<TokenIssuer>()
        .AddSingleton<TokenCheck>()
        .AddSingleton<LeaseCommands>()
        .AddSingleton<WorkerRegistration>()
        .AddSingleton<WorkerEndpoints>()
        .AddSingleton<PolicyEndpoints>()
        .AddSingleton<TokenizerEndpoints>()
        .AddSingleton<LoadEndpoint>()
        .AddSingleton<ClusterEndpoint>()
        .AddSingleton<LogLevelEndpoint>()
        .AddSingleton<EngineEndpoints>()
        .AddSingleton<AdapterListEndpoint>();

    /// <summary>Needs <see cref="GatewayOptions"/>, the registry's view and its actor among the services.</summary>
    public static void MapControlPlane(this IEndpointRouteBuilder app)
    {
        var security = app.ServiceProvider.GetRequiredService<GatewayOptions>().Security;
        if (security.DisableControlPlane)
            return;
        var workers = app.ServiceProvider.GetRequiredService<WorkerEndpoints>();
        var guard = new ControlPlaneGuard(
            security, app.ServiceProvider.GetRequiredService<ApiKeyCheck>(), app.ServiceProvider.GetRequiredService<TokenCheck>());
        var audit = app.ServiceProvider.GetRequiredService<AuditLog>();
        Map(KeyRole.Viewer, HttpMethods.Get, "/workers", workers.ListAsync);
        Map(KeyRole.Operator, HttpMethods.Post, "/workers", workers.RegisterAsync);
        Map(KeyRole.Viewer, HttpMethods.Get, "/workers/{worker_id}", workers.GetAsync);
        Map(KeyRole.Operator, HttpMethods.Put, "/workers/{worker_id}", workers.ReplaceAsync);
        Map(KeyRole.Operator, HttpMethods.Patch, "/workers/{worker_id}", workers.UpdateAsync);
        Map(KeyRole.Operator, HttpMethods.Delete, "/workers/{worker_id}", workers.RemoveAsync);
        Map(KeyRole.Operator, HttpMethods.Put, "/workers/{worker_id}/lease", workers.RenewAsync);
        Map(KeyRole.Operator, HttpMethods.Post, "/workers/{worker_id}/refresh", workers.RefreshAsync);
        var policies = app.ServiceProvider.GetRequiredService<PolicyEndpoints>();
        Map(KeyRole.Viewer, HttpMethods.Get, "/policies", policies.ListAsync);
        Map(KeyRole.Operator, HttpMethods.Put, "/policies", policies.ChooseAsync);
        Map(KeyRole.Operator, HttpMethods.Delete, "/policies", policies.TakeBackAsync);
        Map(KeyRole.Viewer, HttpMethods.Get, "/policies/{**model}", policies.GetAsync);
        Map(KeyRole.Operator, HttpMethods.Put, "/policies/{**model}", policies.ChooseAsync);
        Map(KeyRole.Operator, HttpMethods.Delete, "/policies/{**model}", policies.TakeBackAsync);
        var tokenizers = app.ServiceProvider.GetRequiredService<TokenizerEndpoints>();
        Map(KeyRole.Viewer, HttpMethods.Get, "/v1/tokenizers", tokenizers.ListAsync);
        Map(KeyRole.Admin, HttpMethods.Post, "/v1/tokenizers", tokenizers.RegisterAsync);
        Map(KeyRole.Viewer, HttpMethods.Get, "/v1/tokenizers/{tokenizer_id}", tokenizers.GetAsync);
        Map(KeyRole.Viewer, HttpMethods.Get, "/v1/tokenizers/{tokenizer_id}/status", tokenizers.GetStatusAsync);
        Map(KeyRole.Admin, HttpMethods.Delete, "/v1/tokenizers/{tokenizer_id}", tokenizers.RemoveAsync);
        Map(KeyRole.Viewer, HttpMethods.Get, "/get_loads", app.ServiceProvider.GetRequiredService<LoadEndpoint>().GetAsync);
        Map(KeyRole.Viewer, HttpMethods.Get, "/cluster", app.ServiceProvider.GetRequiredService<ClusterEndpoint>().GetAsync);
        var logLevel = app.ServiceProvider.GetRequiredService<LogLevelEndpoint>();
        Map(KeyRole.Viewer, HttpMethods.Get, "/log-level", logLevel.GetAsync);
        Map(KeyRole.Admin, HttpMethods.Put, "/log-level", logLevel.SetAsync);
        var engines = app.ServiceProvider.GetRequiredService<EngineEndpoints>();
        Map(KeyRole.Operator, HttpMethods.Post, "/flush_cache", engines.FlushCacheAsync);
        Map(KeyRole.Admin, HttpMethods.Post, "/start_profile", engines.StartProfileAsync);
        Map(KeyRole.Admin, HttpMethods.Post, "/stop_profile", engines.StopProfileAsync);
        Map(KeyRole.Admin, HttpMethods.Post, "/load_lora_adapter", engines.LoadAdapterAsync);
        Map(KeyRole.Admin, HttpMethods.Post, "/unload_lora_adapter", engines.UnloadAdapterAsync);
        Map(KeyRole.Viewer, HttpMethods.Get, "/list_lora_adapters", app.ServiceProvider.GetRequiredService<AdapterListEndpoint>().GetAsync);

        if (security.HasDashboard)
            Map(KeyRole.Viewer, HttpMethods.Get, DashboardEvents.Path, app.ServiceProvider.GetRequiredService<DashboardEvents>().GetAsync);

        void Map(KeyRole role, string method, string pattern, RequestDelegate handler)
        {
            // Looking changes nothing, and is not written down.
            var toldTo = HttpMethods.IsGet(method) || security.DisableAuditLog ? null : audit;
            app.MapMethods(pattern, [method], context => ServeAsync(guard, role, toldTo, handler, context)).WithMetadata(new RequiredRole(role));
        }
    }

    /// <param name="guard">Says whether the request may pass.</param>
    /// <param name="role">What the endpoint asks for.</param>
    /// <param name="audit">Is told whatever comes of it; null for what changes nothing.</param>
    /// <param name="handler">The endpoint.</param>
    /// <param name="context">The request's.</param>
    private static async Task ServeAsync(ControlPlaneGuard guard, KeyRole role, AuditLog? audit, RequestDelegate handler, HttpContext context)
    {
        var (by, status) = ("nobody", StatusCodes.Status500InternalServerError);
        try
        {
            var verdict = await guard.JudgeAsync(context, role);
            by = verdict.By;
            context.Features.Set(new Caller(verdict.Role));
            await AnswerAsync(verdict, handler, context);
            status = context.Response.StatusCode;
        }
        finally
        {
            audit?.Write(context, by, status);
        }
    }

    private static async Task AnswerAsync(Verdict verdict, RequestDelegate handler, HttpContext context)
    {
        try
        {
            if (verdict.Refusal is { } refusal)
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
