namespace Gateway.Host.Configuration;

/// <summary>A value somebody has set.</summary>
/// <param name="Option">What was set.</param>
/// <param name="Words">The value, not yet checked.</param>
/// <param name="Place">Where it was set, for the operator: <c>--port</c>, <c>GATEWAY_PORT</c> or <c>gateway.yaml:3: port</c>.</param>
internal sealed record Setting(OptionDefinition Option, IReadOnlyList<string> Words, string Place);
