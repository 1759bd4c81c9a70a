using System.Text.Json;
using Gateway.Actors.Registry;
using Gateway.Actors.Routing;
using Gateway.Actors.Workers;
using Gateway.Host.Configuration;
using Gateway.Host.Observability;
using static Gateway.Actors.Registry.RegistryProtocol;

namespace Gateway.Host.Api.Admin;

/// <summary>
/// <c>/policies</c> and <c>/policies/{model}</c>: which policy each model has, who chose it, and the operator's own choice.
/// A choice is in a published snapshot when it is answered. See docs/decisions/choosing-a-policy.md.
/// </summary>
internal sealed class PolicyEndpoints(RegistryView view, RegistryCommands registry, GatewayOptions options)
{
    private readonly RegistrySettings _settings = RegistryOptions.Of(options);

    /// <summary><c>GET /policies</c></summary>
    public Task ListAsync(HttpContext context)
    {
        var snapshot = view.Current;
        return ControlPlaneAnswer.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject("default"u8);
            foreach (var role in ModelPolicies.Roles)
                PolicyInfo.Write(json, role, PolicyChoice.Default(role, _settings, snapshot.Policies));
            json.WriteEndObject();
            json.WriteStartArray("models"u8);
            foreach (var model in ModelsOf(snapshot))
            {
                json.WriteStartObject();
                PolicyInfo.Write(json, model);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("available"u8);
            foreach (var name in PolicyCatalog.Names.Order(StringComparer.Ordinal))
                json.WriteStringValue(name);
            json.WriteEndArray();
            json.WriteNumber("version"u8, snapshot.Version);
        });
    }

    /// <summary><c>GET /policies/{model}</c>, by name or alias; <c>*</c> for the workers that serve any.</summary>
    public Task GetAsync(HttpContext context)
    {
        var snapshot = view.Current;
        var name = ReadModel(context);
        var model = name == ModelCard.Wildcard ? snapshot.Wildcard : snapshot.FindModel(System.Text.Encoding.UTF8.GetBytes(name));
        if (model is null)
            throw new ControlPlaneException(StatusCodes.Status404NotFound, ControlPlaneCode.ModelNotFound, $"no worker serves a model '{name}'");
        return ControlPlaneAnswer.WriteAsync(context, StatusCodes.Status200OK, json => PolicyInfo.Write(json, model));
    }

    /// <summary><c>PUT /policies</c> and <c>PUT /policies/{model}</c> with <c>{"policy": name, "role": role}</c>; without a role, all roles.</summary>
    public async Task ChooseAsync(HttpContext context)
    {
        var (policy, role) = await ControlPlaneBody.ReadAsync(context, static json =>
        {
            var fields = new JsonFields(json);
            var read = (Policy: fields.Text("policy") ?? throw fields.Wrong("policy", "is missing"), Role: fields.OneOf("role", WorkerSpecWords.Roles));
            fields.RefuseOthers();
            return read;
        });
        await SetAsync(context, role, policy);
    }

    /// <summary><c>DELETE /policies?role=</c> and <c>DELETE /policies/{model}?role=</c>: takes the operator's choice back.</summary>
    public Task TakeBackAsync(HttpContext context)
    {
        var word = context.Request.Query["role"].ToString();
        if (word.Length == 0)
            return SetAsync(context, role: null, policy: null);
        return WorkerSpecWords.Roles.TryGetValue(word, out var role)
            ? SetAsync(context, role, policy: null)
            : throw ControlPlaneException.BadRequest($"role: '{word}' is not one of {string.Join(", ", WorkerSpecWords.Roles.Keys)}");
    }

    private async Task SetAsync(HttpContext context, WorkerRole? role, string? policy)
    {
        // A script whose variable is empty must not choose for all models.
        var isForAll = !context.Request.RouteValues.ContainsKey("model") && !context.Request.Path.Value!.EndsWith('/');
        var model = isForAll ? null : ReadModel(context);
        AuditLog.Note(context, $"policy {policy ?? "taken back"}{(role is { } only ? $" for {only}" : "")}");
        var reply = await registry.AskAsync(new SetPolicy(model, role, policy), context.RequestAborted);
        if (reply is Refused refused)
            throw PolicyInfo.Failure(refused);
        var set = (PolicySet)reply;
        await ControlPlaneAnswer.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteString("status"u8, "ok");
            json.WriteString("model"u8, set.Model);
            json.WriteBoolean("changed"u8, set.Changed);
            json.WriteNumber("version"u8, set.Version);
        });
    }

    private static string ReadModel(HttpContext context) =>
        context.Request.RouteValues["model"] as string is { Length: > 0 } name
            ? Uri.UnescapeDataString(name)
            : throw ControlPlaneException.BadRequest("model: must not be empty");

    private static IEnumerable<ModelSnapshot> ModelsOf(RegistrySnapshot snapshot) =>
        snapshot.Wildcard is { } wildcard ? snapshot.Models.Values.Append(wildcard) : snapshot.Models.Values;
}
