using System.Net.Sockets;
using System.Text;
using Gateway.Actors.Workers;
using Gateway.Host.Composition;
using Gateway.Host.Tests.Configuration;
using Gateway.Host.Tests.Documentation;
using Gateway.Host.Tests.EndToEnd;

namespace Gateway.Host.Tests.Deploy;

/// <summary>The unit as systemd reads it, where there is one, and what the gateway tells it.</summary>
public sealed class SystemdUnitTests
{
    private const string Analyze = "/usr/bin/systemd-analyze";

    /// <summary>Of ten; systemd calls less than two "OK", and a unit without any limits is at 9.6.</summary>
    private const double MostExposure = 2;

    private static readonly ILookup<string, string> Settings = RepositoryFile.Read("deploy/systemd/modelgateway.service")
        .Split('\n', StringSplitOptions.TrimEntries)
        .Where(static line => line.Length > 0 && line[0] is not ('#' or '['))
        .Select(static line => line.Split('=', 2))
        .ToLookup(static words => words[0], static words => words[1]);

    [Fact]
    public void It_starts_the_file_that_is_published() =>
        Assert.Equal(["/opt/modelgateway/" + PublishedGateway.FileName, "--config", "/etc/modelgateway/gateway.yaml"], Only("ExecStart").Split(' '));

    [Fact]
    public void Its_variables_are_ones_the_gateway_starts_with()
    {
        using var key = new TemporaryFile("key");
        var variables = Settings["Environment"].Select(static setting => setting.Split('=', 2))
            .Where(static words => words[0].StartsWith("GATEWAY_", StringComparison.Ordinal))
            .ToDictionary(static words => words[0], _ => key.Path);

        Assert.Equal(new Secret("key"), Load.Options("", variables).Security.ControlPlaneApiKey);
    }

    [Fact]
    public void It_has_a_user_of_its_own_and_one_folder_that_it_may_write_to()
    {
        Assert.Equal("yes", Only("DynamicUser"));
        Assert.Equal("strict", Only("ProtectSystem"));
        Assert.Equal("modelgateway", Only("StateDirectory"));
    }

    [Fact]
    public async Task Systemd_finds_nothing_to_say_against_it()
    {
        if (!File.Exists(Analyze))
            return;
        using var folder = new TemporaryUnit();

        var (code, said) = await Command.RunAsync(folder.Path, Analyze, ["verify", folder.Unit]);

        Assert.Equal((0, ""), (code, said));
    }

    [Fact]
    public async Task Systemd_finds_little_that_it_could_do_to_the_machine()
    {
        if (!File.Exists(Analyze))
            return;
        using var folder = new TemporaryUnit();

        var (code, said) = await Command.RunAsync(
            folder.Path, Analyze, ["security", "--offline=true", "--no-pager", FormattableString.Invariant($"--threshold={10 * MostExposure}"), folder.Unit]);

        Assert.True(code == 0, said);
    }

    [Fact]
    public async Task The_gateway_tells_systemd_when_it_listens_and_when_it_stops()
    {
        Assert.Equal("notify", Only("Type"));
        var path = Path.Combine(Path.GetTempPath(), $"notify-{Guid.NewGuid():N}");
        using var systemd = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        systemd.Bind(new UnixDomainSocketEndPoint(path));
        try
        {
            await using var gateway = GatewayProcess.StartFile(
                "dotnet",
                [typeof(GatewayApplication).Assembly.Location, "--host", "127.0.0.1", "--port", "0", "--simulate", "0"],
                ("NOTIFY_SOCKET", path));

            Assert.Equal("READY=1", await HearAsync(systemd));
            gateway.Terminate();
            Assert.Equal("STOPPING=1", await HearAsync(systemd));
            Assert.Equal(0, await gateway.ExitAsync());
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string Only(string setting) => Assert.Single(Settings[setting]);

    private static async Task<string> HearAsync(Socket socket)
    {
        var buffer = new byte[256];
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return Encoding.UTF8.GetString(buffer, 0, await socket.ReceiveAsync(buffer.AsMemory(), patience.Token));
    }

    /// <summary>The unit with an executable that is on every machine: systemd complains of one that is not there.</summary>
    private sealed class TemporaryUnit : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("unit-");

        public TemporaryUnit() => File.WriteAllText(
            Unit, RepositoryFile.Read("deploy/systemd/modelgateway.service").Replace("/opt/modelgateway/gateway", "/bin/true", StringComparison.Ordinal));

        public string Path => _folder.FullName;

        public string Unit => System.IO.Path.Combine(Path, "modelgateway.service");

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
