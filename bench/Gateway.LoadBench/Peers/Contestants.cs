using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Gateway.Host.Composition;
using Gateway.LoadBench.Run;
using Gateway.LoadBench.Servers;
using Yarp.ReverseProxy.Configuration;

namespace Gateway.LoadBench.Peers;

/// <param name="Arm">In the measurements.</param>
/// <param name="Name">As in the tables.</param>
/// <param name="Version">Which one it was.</param>
/// <param name="Setting">How it was set up.</param>
/// <param name="Reads">What of a request it looks at, and what of an answer.</param>
internal sealed record Contestant(string Arm, string Name, string Version, string Setting, string Reads)
{
    /// <summary>As in the rows of a page's tables.</summary>
    public string Title => IsOurs ? $"**{Name}**" : Name;

    public bool IsOurs => Arm.StartsWith(Run.Arm.Gateway, StringComparison.Ordinal);
}

/// <summary>Who takes part, and with what: a figure means little without what was done for it.</summary>
internal static partial class Contestants
{
    /// <summary>Characters of a commit's name that tell it from others.</summary>
    private const int CommitLength = 8;

    public static async Task<IReadOnlyList<Contestant>> OfAsync(IReadOnlyList<Arm> arms, string policy)
    {
        var contestants = new List<Contestant>();
        foreach (var arm in arms)
            contestants.Add(await OfAsync(arm.Name, policy));
        return contestants;
    }

    private static async Task<Contestant> OfAsync(string arm, string policy) => arm switch
    {
        Arm.Direct => new Contestant(arm, "direct", "", "the client asks a worker itself", ""),
        Arm.Yarp => new Contestant(
            arm,
            "YARP",
            $"{VersionOf(typeof(RouteConfig))}, {RuntimeInformation.FrameworkDescription}",
            "power of two choices; no forwarded-for headers, no health checks; its client set as the gateway's is, Kestrel's blocks and the thread pool as .NET has them",
            "the path; passes bytes on as they come"),
        Arm.Nginx => new Contestant(
            arm,
            "nginx",
            await SaidVersionAsync(NginxServer.Executable!),
            $"{Environment.ProcessorCount} worker processes; kept-alive upstream connections, `random two least_conn`, nothing buffered, no log",
            "the path; passes bytes on as they come"),
        Arm.HaProxy => new Contestant(
            arm,
            "HAProxy",
            await SaidVersionAsync(HaProxyServer.Executable!),
            $"`nbthread {Environment.ProcessorCount}`; `http-reuse always`, `http-no-delay`, round robin, no checks, no log",
            "the path; passes bytes on as they come"),
        Arm.Portkey => new Contestant(
            arm,
            "Portkey",
            $"{PortkeyServer.Version()}, Node.js {await PortkeyServer.NodeVersionAsync()}",
            "one process, which is one thread for all requests; balances by chance, as a header of each request tells it",
            "parses the body and writes it anew; parses answers in one piece, and cuts streams at their events, holding the first one back for 25 ms"),
        _ => new Contestant(
            arm,
            arm == Arm.Gateway ? "this gateway" : arm,
            $"{VersionOf(typeof(GatewayApplication))}, {RuntimeInformation.FrameworkDescription}",
            arm == Arm.Gateway ? $"its defaults, policy `{policy}`; log level warn" : "as the first one, but for what its name says",
            "the whole body, in which it finds the model, the stream flag and the prompt; picks a worker by load and prefix; passes answers on"),
    };

    private static string VersionOf(Type type)
    {
        var version = type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        var commit = version.IndexOf('+', StringComparison.Ordinal);
        return commit < 0 ? version : version[..Math.Min(version.Length, commit + 1 + CommitLength)];
    }

    private static async Task<string> SaidVersionAsync(string executable) =>
        Version().Match((await Executables.RunAsync(executable, ["-v"])).Said).Value;

    [GeneratedRegex("[0-9]+(\\.[0-9]+)+")]
    private static partial Regex Version();
}
