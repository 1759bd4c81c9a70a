namespace Gateway.LoadBench.Servers;

/// <summary>nginx: kept-alive upstream connections, nothing buffered, nothing logged.</summary>
internal static class NginxServer
{
    public static string? Executable { get; } = Executables.Find("nginx");

    public static bool IsInstalled => Executable is not null;

    /// <param name="workers">The paced workers first, the others after; as many of each.</param>
    /// <param name="folder">For its configuration and what else it writes.</param>
    /// <param name="processes">That serve, each with one thread.</param>
    public static MeasuredServer Start(string[] workers, string folder, int processes)
    {
        var port = FreePort.Find();
        var path = Path.Combine(folder, "nginx.conf");
        var half = workers.Length / 2;
        File.WriteAllText(path, Configuration(port, workers[..half], workers[half..], folder, processes));
        return MeasuredServer.StartOther("nginx", Executable!, ["-p", folder, "-c", path, "-e", "stderr"], new Uri($"http://127.0.0.1:{port}"));
    }

    private static string Configuration(int port, string[] paced, string[] burst, string folder, int processes) =>
        $$"""
        daemon off;
        worker_processes {{processes}};
        pid {{folder}}/nginx.pid;
        events { worker_connections 4096; }
        http {
          access_log off;
          server_tokens off;
          client_body_temp_path {{folder}}/body;
          proxy_temp_path {{folder}}/proxy;
          fastcgi_temp_path {{folder}}/fastcgi;
          uwsgi_temp_path {{folder}}/uwsgi;
          scgi_temp_path {{folder}}/scgi;
          client_max_body_size 0;
          keepalive_requests 1000000000;
          proxy_buffering off;
          proxy_request_buffering off;
          proxy_http_version 1.1;
          proxy_set_header Connection "";
          upstream paced { zone paced 64k; random two least_conn; {{Servers(paced)}} keepalive 128; keepalive_requests 1000000000; keepalive_timeout 4s; }
          upstream burst { zone burst 64k; random two least_conn; {{Servers(burst)}} keepalive 128; keepalive_requests 1000000000; keepalive_timeout 4s; }
          server {
            listen 127.0.0.1:{{port}};
            location = /v1/chat/completions { proxy_pass http://paced; }
            location = /v1/completions { proxy_pass http://burst; }
          }
        }
        """;

    private static string Servers(string[] workers) =>
        string.Join(' ', workers.Select(static url => $"server {new Uri(url).Authority};"));
}
