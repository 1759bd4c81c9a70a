using System.Text.Json.Serialization;

namespace Gateway.Host.Serving;

/// <summary>Writes a model's id as a JSON string.</summary>
[JsonSerializable(typeof(string))]
internal sealed partial class ModelIdJson : JsonSerializerContext;
