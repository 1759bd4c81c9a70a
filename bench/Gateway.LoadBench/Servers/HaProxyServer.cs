namespace Gateway.LoadBench.Servers;

/// <summary>
/// HAProxy with a thread for each core: connections kept and shared on the workers' side, round robin, nothing logged, no checks. Without
/// <c>http-no-delay</c> it would have the kernel hold a stream's chunks back for up to 200 ms to send several at once.
/// </summary>
internal static class HaProxyServer
{
    public static string? Executable { get; } = Executables.Find("haproxy");

    public static bool IsInstalled => Executable is not null;

    /// <param name="workers">The paced workers first, the others after; as many of each.</param>
    /// <param name="folder">For its configuration.</param>
    public static MeasuredServer Start(string[] workers, string folder)
    {
        var port = FreePort.Find();
        var path = Path.Combine(folder, "haproxy.cfg");
        var half = workers.Length / 2;
        File.WriteAllText(path, Configuration(port, workers[..half], workers[half..]));
        // Without -db it would go to the background, and be measured by nobody.
        return MeasuredServer.StartOther("haproxy", Executable!, ["-db", "-q", "-f", path], new Uri($"http://127.0.0.1:{port}"));
    }

    private static string Configuration(int port, string[] paced, string[] burst) =>
        $$"""
        global
          nbthread {{Environment.ProcessorCount}}
          maxconn 4096
        defaults
          mode http
          balance roundrobin
          http-reuse always
          option http-no-delay
          timeout connect 10s
          timeout client 600s
          timeout server 600s
          timeout http-keep-alive 600s
        frontend clients
          bind 127.0.0.1:{{port}}
          use_backend burst if { path /v1/completions }
          default_backend paced
        backend paced
        {{Servers(paced)}}
        backend burst
        {{Servers(burst)}}

        """;

    private static string Servers(string[] workers) =>
        string.Join('\n', workers.Select(static (url, number) => $"  server worker{number} {new Uri(url).Authority}"));
}
