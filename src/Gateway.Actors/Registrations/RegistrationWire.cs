using Gateway.Actors.Registrations.Wire;
using Gateway.Actors.Workers;
using Google.Protobuf;

namespace Gateway.Actors.Registrations;

/// <summary>
/// Registrations as <c>protos/gateway/registrations.proto</c> has them. What can't be read, such as an enum's word of a later version, is
/// a <see cref="FormatException"/>.
/// </summary>
internal static class RegistrationWire
{
    public static byte[] Bytes(Registration registration) => Write(registration).ToByteArray();

    /// <summary>Equal maps have equal bytes.</summary>
    public static RegistrationList Write(RegistrationMap map) => new()
    {
        Registrations = { map.ByPlace.Values.Select(Write) },
    };

    /// <exception cref="FormatException">One of them can't be understood.</exception>
    public static RegistrationMap Read(RegistrationList list) => RegistrationMap.Of(list.Registrations.Select(Read));

    private static RegistrationMessage Write(Registration registration)
    {
        var message = new RegistrationMessage
        {
            Url = registration.Url.Text,
            Revision = registration.Revision,
            WrittenAtMs = registration.WrittenAt.ToUnixTimeMilliseconds(),
        };
        if (registration.Spec is { } spec)
            message.Spec = SpecWire.Write(spec);
        if (registration.Removal is not { } removal)
            return message;
        message.Removal = new RemovalMessage { AtOnce = removal.AtOnce, Reason = removal.Reason };
        if (removal.Drain is { } drain)
            message.Removal.DrainTicks = drain.Ticks;
        return message;
    }

    private static Registration Read(RegistrationMessage message)
    {
        if (message.Spec is null == message.Removal is null)
            throw new FormatException($"the registration of '{message.Url}' is neither a worker nor a removal");
        var url = WorkerUrl.Parse(message.Url);
        return new Registration(
            url,
            message.Revision,
            DateTimeOffset.FromUnixTimeMilliseconds(message.WrittenAtMs),
            message.Spec is { } spec ? SpecWire.Read(url, spec) : null,
            message.Removal is { } removal
                ? new Removal(removal.HasDrainTicks ? TimeSpan.FromTicks(removal.DrainTicks) : null, removal.AtOnce, removal.Reason)
                : null);
    }
}
