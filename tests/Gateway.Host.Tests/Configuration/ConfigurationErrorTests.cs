using Gateway.Host.Configuration;

namespace Gateway.Host.Tests.Configuration;

public sealed class ConfigurationErrorTests
{
    [Theory]
    [InlineData("--assignment-mode fancy", "--assignment-mode: unknown assignment mode 'fancy'; one of min_group, min_load, random")]
    [InlineData("--port 70000", "--port: '70000' is not a whole number from 0 to 65535")]
    [InlineData("--metrics-port 30000", "--metrics-port: is also the clients' port: metrics have one of their own")]
    [InlineData("--metrics-host 127.0.0.1", "--metrics-host: is of no use without metrics-port")]
    [InlineData("--metrics-names smg", "--metrics-names: is of no use without metrics-port or otlp-endpoint")]
    [InlineData("--otlp-interval-secs 5", "--otlp-interval-secs: is of no use without otlp-endpoint")]
    [InlineData("--otlp-endpoint ftp://collector", "--otlp-endpoint: 'ftp://collector' is not an http:// or https:// URL")]
    [InlineData("--otlp-traces-endpoint collector:4317", "--otlp-traces-endpoint: is of no use without enable-trace")]
    [InlineData("--enable-trace --trace-sample-ratio 2", "--trace-sample-ratio: '2' is not a number from 0 to 1")]
    [InlineData("--port x", "--port: 'x' is not a whole number from 0 to 65535")]
    [InlineData("--port", "--port: needs a value")]
    [InlineData("--port=", "--port: needs a value")]
    [InlineData("--port 1 --port 2", "--port: given more than once")]
    [InlineData("--worker-urls", "--worker-urls: needs a value")]
    [InlineData("--worker-urls ftp://a", "--worker-urls: worker URL 'ftp://a' must start with http://, https://, grpc:// or grpcs:// (lower case), or have no scheme")]
    [InlineData("--retry-max-retries 17", "--retry-max-retries: '17' is not a whole number from 1 to 16")]
    [InlineData("--retry-max-retries 0", "--retry-max-retries: '0' is not a whole number from 1 to 16")]
    [InlineData("--idle-timeout-secs 0", "--idle-timeout-secs: '0' is not a number from 0.001 to 86400")]
    [InlineData("--idle-timeout-secs NaN", "--idle-timeout-secs: 'NaN' is not a number from 0.001 to 86400")]
    [InlineData("--health-check-endpoint health", "--health-check-endpoint: 'health' is not a path that starts with /")]
    [InlineData("--cors-allowed-origins https://a.org/", "--cors-allowed-origins: 'https://a.org/' is not an origin such as https://app.example.org, in lower case and without a path")]
    [InlineData("--allowed-worker-networks 10.0.0.0/33", "--allowed-worker-networks: '10.0.0.0/33' is not a network such as 10.0.0.0/8")]
    [InlineData("--allowed-worker-networks a_b:1", "--allowed-worker-networks: 'a_b:1' is neither a network, nor an address, nor a host name")]
    [InlineData("--host example.org", "--host: 'example.org' is neither an IP address nor localhost")]
    [InlineData("--log-json maybe", "maybe: unexpected argument")]
    [InlineData("--polcy random", "--polcy: unknown option; did you mean --policy?")]
    [InlineData("--worker-url http://a:1", "--worker-url: unknown option; did you mean --worker-urls?")]
    [InlineData("--prefill 8998", "--prefill: '8998' is a port, but stands behind no URL")]
    [InlineData("--prefill http://a:1 8998 8999", "--prefill: '8999' is a port, but stands behind no URL")]
    [InlineData("--prefill http://a:1 70000", "--prefill: '70000' is not a whole number from 1 to 65535")]
    [InlineData("--worker-urls http://a:1 --polcy random", "--polcy: unknown option; did you mean --policy?")]
    [InlineData("--polcy=random", "--polcy=random: unknown option; did you mean --policy?")]
    [InlineData("--entirely-different 1", "--entirely-different: unknown option")]
    [InlineData("lunch", "lunch: unexpected argument; did you mean launch?")]
    [InlineData("--api-key-file /nowhere/key", "--api-key-file: cannot read '/nowhere/key'")]
    [InlineData("--config /nowhere/gateway.yaml", "--config: cannot read '/nowhere/gateway.yaml'")]
    [InlineData("--workers-file /nowhere/workers.yaml", "--workers-file: cannot read '/nowhere/workers.yaml'")]
    [InlineData("--actor-config /nowhere/actors.conf", "--actor-config: cannot read '/nowhere/actors.conf'")]
    [InlineData("--open-control-plane --disable-control-plane", "--open-control-plane: contradicts disable-control-plane")]
    [InlineData("--health-max-retry-backoff-secs 0.5", "--health-max-retry-backoff-secs: must not be less than health-retry-backoff-secs")]
    [InlineData("--disable-control-plane", "--disable-control-plane: leaves no way to have workers: give worker-urls, workers-file, service-discovery, dns-workers or simulate")]
    [InlineData("--service-discovery", "--service-discovery: needs selector, prefill-selector or decode-selector: otherwise every pod would be a worker")]
    [InlineData("--dns-workers vllm:8000", "--dns-workers: 'vllm:8000' is not of the form dns://host:port or dns+srv://_service._tcp.host, with +http, +https, +grpc or +grpcs before the ://")]
    [InlineData("--dns-prefill 8998", "--dns-prefill: '8998' is a port, but stands behind no name")]
    [InlineData("--dns-interval-secs 5", "--dns-interval-secs: is of no use without dns-workers, dns-prefill or dns-decode")]
    [InlineData("--dns-workers dns://vllm:8000 --dns-servers dns.example.org", "--dns-servers: 'dns.example.org' is not an IP address, with or without a port")]
    [InlineData("--decode-selector app=llama", "--decode-selector: is of no use without service-discovery")]
    [InlineData("--service-discovery --selector llama", "--selector: 'llama' is not of the form key=value")]
    [InlineData("--model-id-from pod", "--model-id-from: 'pod' is not namespace, label:KEY or annotation:KEY")]
    public void A_bad_flag_gives_one_line_that_names_it(string commandLine, string line) =>
        Assert.Equal(line, Load.Error(commandLine));

    [Fact]
    public void A_workers_file_that_is_wrong_at_the_start_gives_one_line_that_says_where()
    {
        using var file = new TemporaryFile("- http://a:1\n- a:1\n");

        Assert.Equal($"--workers-file: '{file.Path}': workers: 'http://a:1' occurs more than once", Load.Error($"--workers-file {file.Path}"));
    }

    [Theory]
    [InlineData("GATEWAY_PORT", "x", "GATEWAY_PORT: 'x' is not a whole number from 0 to 65535")]
    [InlineData("GATEWAY_ASSIGNMENT_MODE", "", "GATEWAY_ASSIGNMENT_MODE: unknown assignment mode ''; one of min_group, min_load, random")]
    [InlineData("GATEWAY_POLCY", "random", "GATEWAY_POLCY: unknown variable; did you mean GATEWAY_POLICY?")]
    [InlineData("GATEWAY_LOG_JSON", "maybe", "GATEWAY_LOG_JSON: 'maybe' is neither true nor false")]
    [InlineData("GATEWAY_CONFIG", "/nowhere", "GATEWAY_CONFIG: cannot read '/nowhere'")]
    public void A_bad_variable_gives_one_line_that_names_it(string name, string value, string line) =>
        Assert.Equal(line, Load.Error("", new() { [name] = value }));

    [Theory]
    [InlineData("port: 1\nassignment-mode: fancy\n", "2: assignment-mode: unknown assignment mode 'fancy'; one of min_group, min_load, random")]
    [InlineData("port: 1\n\nlog_levle: info\n", "3: unknown key 'log_levle'; did you mean log-level?")]
    [InlineData("port: 1\nport: 2\n", "2: Duplicate key port")]
    [InlineData("log-level: info\nlog_level: warn\n", "2: log_level: cannot be given together with {0}:1: log-level")]
    [InlineData("policy:\n", "1: policy: needs a value")]
    [InlineData("port: [1, 2]\n", "1: port: takes one value")]
    [InlineData("port: {a: 1}\n", "1: port: must be a value or a list of values")]
    [InlineData("workers:\n- url: http://a:1\n  priorty: 1\n", "2: workers[0].priorty: unknown field; did you mean priority?")]
    public void A_bad_file_gives_one_line_that_names_the_key_and_its_place(string content, string line)
    {
        using var file = new TemporaryFile(content);

        Assert.Equal($"{file.Path}:{string.Format(null, line, file.Path)}", Load.Error($"--config {file.Path}"));
    }

    [Theory]
    [InlineData("port: [\n")]
    [InlineData("{\"port\": }")]
    [InlineData("a: b: c")]
    [InlineData("--- 1\n--- 2\n")]
    public void A_file_that_is_not_YAML_gives_one_line_with_its_place(string content)
    {
        using var file = new TemporaryFile(content);

        Assert.Matches("^[^:]+:[0-9]+: ", Load.Error($"--config {file.Path}"));
    }

    [Fact]
    public void A_file_that_is_a_list_is_refused()
    {
        using var file = new TemporaryFile("- port\n");

        Assert.Equal($"{file.Path}: must be one mapping of option names to values", Load.Error($"--config {file.Path}"));
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("launch --help")]
    [InlineData("--port x --help")]
    [InlineData("--nonsense --help")]
    public void Help_is_shown_whatever_else_is_said(string commandLine) =>
        Assert.IsType<CommandLineRequest.ShowHelp>(CommandLine.Parse(commandLine.Split(' ')));

    [Fact]
    public void The_version_is_shown() =>
        Assert.IsType<CommandLineRequest.ShowVersion>(CommandLine.Parse(["--version"]));
}
