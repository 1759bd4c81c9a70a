using System.Text.Json;
using Gateway.Actors.Registry;
using Gateway.Actors.Workers;
using Gateway.Host.Configuration;
using static Gateway.Actors.Registry.RegistryProtocol;

namespace Gateway.Host.Api.Admin;

/// <summary>How the control plane shows policies, and why one could not be chosen.</summary>
internal static class PolicyInfo
{
    /// <summary>Writes the fields into an object that is open; a role that no worker of the model has is left out.</summary>
    public static void Write(Utf8JsonWriter json, ModelSnapshot model)
    {
        json.WriteString("model"u8, model.Id);
        foreach (var role in ModelPolicies.Roles)
        {
            if (model.Policies.OwnFor(role) is { } policy)
                Write(json, role, policy.Choice);
        }

        json.WriteNumber("version"u8, model.Version);
    }

    public static void Write(Utf8JsonWriter json, WorkerRole role, PolicyChoice choice)
    {
        json.WriteStartObject(WorkerSpecWords.Roles.WordOf(role)!);
        json.WriteString("policy"u8, choice.Name);
        json.WriteString("source"u8, SourceWord(choice.Source));
        json.WriteEndObject();
    }

    public static ControlPlaneException Failure(Refused refused) => refused.Refusal switch
    {
        Refusal.UnknownModel => new(StatusCodes.Status404NotFound, ControlPlaneCode.ModelNotFound, refused.Message),
        Refusal.UnknownPolicy => ControlPlaneException.BadRequest($"policy: {refused.Message}"),
        _ => new(StatusCodes.Status500InternalServerError, ControlPlaneCode.InternalError, refused.Message),
    };

    private static string SourceWord(PolicySource source) => source switch
    {
        PolicySource.RuntimeDefault => "api_default",
        PolicySource.Label => "label",
        PolicySource.Configuration => "configuration",
        PolicySource.Runtime => "api",
        _ => "default",
    };
}
