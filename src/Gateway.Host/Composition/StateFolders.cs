using System.Globalization;
using Gateway.Actors.Registrations;
using Gateway.Host.Configuration;

namespace Gateway.Host.Composition;

/// <summary>Where a gateway keeps what must outlast it.</summary>
internal static class StateFolders
{
    /// <returns>Null if nothing is to be kept, or nobody has said where and there is no place of this gateway's own.</returns>
    public static RegistrationFile? Registrations(GatewayOptions options) =>
        !options.ForgetsRegistrations && (options.StateFolder ?? Default(options.Listen)) is { } folder
            ? new RegistrationFile(Path.Combine(folder, "registrations.json"))
            : null;

    /// <summary>
    /// systemd's folder for the service, else one under the user's (XDG Base Directory Specification), for each port: two gateways on a
    /// machine are two. A port that is any free one is another one next time.
    /// </summary>
    private static string? Default(ListenOptions listen)
    {
        if (listen.Port == 0)
            return null;
        var port = listen.Port.ToString(CultureInfo.InvariantCulture);
        if (Environment.GetEnvironmentVariable("STATE_DIRECTORY") is { Length: > 0 } service)
            return Path.Combine(service, port);
        if (Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } state)
            return Path.Combine(state, "modelgateway", port);
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return home.Length == 0 ? null : Path.Combine(home, ".local", "state", "modelgateway", port);
    }
}
