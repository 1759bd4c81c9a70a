namespace Gateway.Actors.Registry;

internal sealed record RegistryState
{
    public static RegistryState Empty { get; } = new();
}
