namespace Gateway.Actors.Registrations;

/// <summary>What <see cref="RegistrationKeeperActor"/> understands beside what the registry tells it, and what it sends.</summary>
internal static class RegistrationProtocol
{
    /// <summary>Registrations that other gateways know.</summary>
    public sealed record Heard(RegistrationMap Registrations);

    /// <summary>Asks to be sent every <see cref="News"/> from now on, the first with all that is known.</summary>
    public sealed record Follow;

    /// <summary>Registrations that were written here, or read from the file.</summary>
    public sealed record News(RegistrationMap Registrations);
}
