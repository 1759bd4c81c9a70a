using Gateway.Actors.Workers;
using Gateway.Host.Admission;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.Configuration;
using Gateway.Host.Tests.Observability;
using Gateway.Host.Tests.Support;
using k8s;
using k8s.Models;

namespace Gateway.Host.Tests.Deploy;

/// <summary>The chart as Helm itself renders it; what it says to the gateway is read by the gateway's own code.</summary>
public sealed class HelmChartTests
{
    private const string Everything = """
        config: { policy: least_load, models: { org/model: { max_concurrent_requests: 5 } } }
        workers: ["http://10.0.0.1:8000", { url: "http://10.0.0.2:8000", models: [{ id: org/model, aliases: [model] }] }]
        discovery: { enabled: true, selector: app=llama, port: 9000, namespace: engines }
        keys: { existingSecret: keys }
        tls: { existingSecret: certificate }
        cluster: { enabled: true, tls: { existingSecret: peers } }
        metrics: { enabled: true, port: 29001, podAnnotations: true, scrapers: [{ namespaceSelector: {} }] }
        autoscaling: { enabled: true }
        networkPolicy: { enabled: true, clients: [{ podSelector: {} }], egress: [{ ports: [{ port: 8000 }] }] }
        serviceMonitor: { enabled: true, labels: { release: prometheus } }
        service: { annotations: { a: b } }
        serviceAccount: { annotations: { a: b } }
        podAnnotations: { a: b }
        podLabels: { team: b }
        priorityClassName: high
        imagePullSecrets: [{ name: registry }]
        nodeSelector: { kubernetes.io/arch: amd64 }
        tolerations: [{ key: a, operator: Exists }]
        affinity: { nodeAffinity: {} }
        extraArgs: [--log-level, warn]
        extraEnv: { GATEWAY_QUEUE_TIMEOUT_SECS: 9 }
        """;

    [Fact]
    public async Task Helm_finds_nothing_to_say_against_it()
    {
        var (code, said) = await Helm.LintAsync();

        Assert.True(code == 0, said);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData(Everything)]
    [InlineData("discovery: { enabled: true, selector: app=llama, allNamespaces: true }")]
    [InlineData("cluster: { enabled: true, plaintext: true, port: 7000 }")]
    [InlineData("{ autoscaling: { enabled: true }, config: { otlp-endpoint: \"http://collector:4317\" } }")]
    [InlineData("autoscaling: { enabled: true, metric: { type: External, name: waiting, selector: { matchLabels: { a: b } } } }")]
    [InlineData("{ topologySpreadConstraints: [{ maxSkew: 1, topologyKey: a, whenUnsatisfiable: DoNotSchedule }], shutdown: { delaySeconds: 0 } }")]
    public async Task What_it_makes_has_no_field_that_Kubernetes_does_not_know(string values)
    {
        var typed = (await Helm.RenderAsync(values)).Typed();

        Assert.NotEmpty(typed);
        Assert.All(typed, static made => Assert.NotNull(((IKubernetesObject<V1ObjectMeta>)made).Metadata.Name));
    }

    [Fact]
    public async Task By_default_it_takes_no_right_and_opens_no_port_but_the_gateways()
    {
        var chart = await Helm.RenderAsync();

        Assert.Equal(["ConfigMap", "Deployment", "PodDisruptionBudget", "Service", "ServiceAccount"], chart.Kinds.Order());
        Assert.False(Pod(chart).AutomountServiceAccountToken);
        Assert.Equal(30000, Assert.Single(Container(chart).Ports).ContainerPort);
    }

    [Fact]
    public async Task The_gateway_starts_with_the_file_and_the_variables_that_it_gets()
    {
        var options = Options(await Helm.RenderAsync(Everything));

        Assert.Equal("least_load", options.Fleet.Policy);
        Assert.Equal(5, Assert.Single(options.Models).MaxConcurrentRequests);
        Assert.Equal((30000, "0.0.0.0"), (options.Listen.Port, options.Listen.Host));
        Assert.Equal(TimeSpan.FromSeconds(9), options.Limits.QueueTimeout);
        Assert.Equal(new Secret("key"), options.Security.ApiKey);
        Assert.Equal(new Secret("key"), options.Security.ControlPlaneApiKey);
        Assert.NotNull(options.Listen.Tls.CertificatePath);
        Assert.NotNull(options.Fleet.WorkersFile);
        var pods = Assert.Single(options.Pods.Sources());
        Assert.True(options.Cluster is { IsEnabled: true, HasTls: true, Host: PodAddress });
        Assert.Equal(("app=llama", "engines", 9000), (pods.Selector, pods.Namespace, pods.Port));
    }

    [Fact]
    public async Task The_gateway_starts_with_what_it_gets_when_nothing_is_set() =>
        Assert.Null(Options(await Helm.RenderAsync()).Fleet.WorkersFile);

    [Fact]
    public async Task The_gateway_understands_the_arguments_that_it_gets()
    {
        var options = Load.Options(string.Join(' ', Container(await Helm.RenderAsync(Everything)).Args));

        Assert.Equal("warn", options.Log.Level);
    }

    [Fact]
    public async Task The_workers_file_is_one_that_the_gateway_follows()
    {
        var workers = WorkersFileFormat.Parse((await Helm.RenderAsync(Everything)).Only<V1ConfigMap>().Data["workers.yaml"]);

        Assert.Equal(["http://10.0.0.1:8000", "http://10.0.0.2:8000"], workers.Select(static worker => worker.Url.ToString()));
    }

    [Fact]
    public async Task A_change_of_the_configuration_restarts_the_pods_and_a_change_of_the_workers_does_not()
    {
        var one = await ChecksumAsync("{}");

        Assert.Equal(one, await ChecksumAsync("workers: [\"http://10.0.0.1:8000\"]"));
        Assert.NotEqual(one, await ChecksumAsync("config: { policy: random }"));
    }

    [Theory]
    [InlineData("{}", "HTTP")]
    [InlineData("tls: { existingSecret: certificate }", "HTTPS")]
    public async Task The_probes_ask_what_the_gateway_answers(string values, string scheme)
    {
        await using var gateway = await TestGateway.StartAsync();
        var container = Container(await Helm.RenderAsync(values));

        Assert.Equal("/readiness", container.ReadinessProbe.HttpGet.Path);
        foreach (var probe in new[] { container.StartupProbe, container.LivenessProbe, container.ReadinessProbe })
        {
            Assert.Equal((scheme, "http"), (probe.HttpGet.Scheme, probe.HttpGet.Port.Value));
            using var answer = await gateway.Client.GetAsync(new Uri(probe.HttpGet.Path, UriKind.Relative));
            Assert.NotEqual(System.Net.HttpStatusCode.NotFound, answer.StatusCode);
        }

        using var live = await gateway.Client.GetAsync(new Uri(container.LivenessProbe.HttpGet.Path, UriKind.Relative));
        Assert.True(live.IsSuccessStatusCode);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("shutdown: { delaySeconds: 30, gracePeriodSeconds: 600 }")]
    public async Task The_pod_may_live_longer_than_the_gateway_takes_to_stop(string values)
    {
        var chart = await Helm.RenderAsync(values);
        var timeouts = Options(chart).Timeouts;
        var needed = timeouts.ShutdownDelay + timeouts.ShutdownGrace + (2 * DrainService.LastWords);

        Assert.True(TimeSpan.FromSeconds(Pod(chart).TerminationGracePeriodSeconds!.Value) > needed);
    }

    [Fact]
    public async Task The_pod_keeps_to_the_restricted_profile()
    {
        var chart = await Helm.RenderAsync(Everything);
        var container = Container(chart).SecurityContext;

        Assert.True(Pod(chart).SecurityContext.RunAsNonRoot);
        Assert.Equal("RuntimeDefault", Pod(chart).SecurityContext.SeccompProfile.Type);
        Assert.True(container.ReadOnlyRootFilesystem);
        Assert.False(container.AllowPrivilegeEscalation);
        Assert.Equal(["ALL"], container.Capabilities.Drop);
    }

    [Fact]
    public async Task What_selects_the_gateways_pods_selects_them()
    {
        var chart = await Helm.RenderAsync(Everything);
        var labels = chart.Only<V1Deployment>().Spec.Template.Metadata.Labels;
        IDictionary<string, string>[] selectors =
        [
            chart.Only<V1Deployment>().Spec.Selector.MatchLabels,
            chart.Only<V1PodDisruptionBudget>().Spec.Selector.MatchLabels,
            chart.Only<V1NetworkPolicy>().Spec.PodSelector.MatchLabels,
            .. chart.Typed().OfType<V1Service>().Select(static service => service.Spec.Selector),
        ];

        Assert.Equal(6, selectors.Length);
        Assert.All(selectors, selector => Assert.Empty(selector.Except(labels)));
    }

    [Fact]
    public async Task Discovery_may_read_pods_of_the_engines_namespace_and_nothing_else()
    {
        var chart = await Helm.RenderAsync(Everything);
        var role = Assert.Single(chart.Typed().OfType<V1Role>(), static role => role.Metadata.Name.EndsWith("-discovery", StringComparison.Ordinal));
        var binding = Assert.Single(chart.Typed().OfType<V1RoleBinding>(), static binding => binding.Metadata.Name.EndsWith("-discovery", StringComparison.Ordinal));

        Assert.Equal("engines", role.Metadata.NamespaceProperty);
        Assert.Equal("engines", binding.Metadata.NamespaceProperty);
        Assert.Equal(["pods"], Assert.Single(role.Rules).Resources);
        Assert.Equal(["get", "list", "watch"], role.Rules[0].Verbs);
        Assert.Equal((role.Metadata.Name, "Role"), (binding.RoleRef.Name, binding.RoleRef.Kind));
        Assert.Equal((Pod(chart).ServiceAccountName, Helm.Namespace), (binding.Subjects[0].Name, binding.Subjects[0].NamespaceProperty));
        Assert.True(Pod(chart).AutomountServiceAccountToken);
    }

    [Fact]
    public async Task Gateways_find_each_other_before_they_are_ready()
    {
        var chart = await Helm.RenderAsync("cluster: { enabled: true, plaintext: true, port: 7000 }");
        var peers = Assert.Single(chart.Typed().OfType<V1Service>(), static service => service.Spec.ClusterIP == "None");

        Assert.True(peers.Spec.PublishNotReadyAddresses);
        Assert.Equal([7000], peers.Spec.Ports.Select(static port => port.Port));
        Assert.Contains(Container(chart).Ports, static port => port is { Name: "peers", ContainerPort: 7000 });
        var variables = Container(chart).Env.ToDictionary(static variable => variable.Name);
        Assert.Equal($"{peers.Metadata.Name}.{Helm.Namespace}.svc", variables["GATEWAY_CLUSTER_DNS"].Value);
        Assert.Equal("status.podIP", variables["GATEWAY_CLUSTER_HOST"].ValueFrom.FieldRef.FieldPath);
        Assert.Equal("7000", variables["GATEWAY_CLUSTER_PORT"].Value);
    }

    [Fact]
    public async Task Gateways_that_would_meet_without_TLS_are_not_deployed_unless_that_is_said()
    {
        Assert.Contains("cluster.tls.existingSecret", await Helm.RefusalAsync("cluster: { enabled: true }"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_autoscaler_decides_how_many_there_are()
    {
        var chart = await Helm.RenderAsync(Everything);
        var scaler = chart.Only<V2HorizontalPodAutoscaler>();

        Assert.Null(chart.Only<V1Deployment>().Spec.Replicas);
        Assert.Equal(chart.Only<V1Deployment>().Metadata.Name, scaler.Spec.ScaleTargetRef.Name);
        Assert.Equal("gateway_queue_depth", Assert.Single(scaler.Spec.Metrics).Pods.Metric.Name);
    }

    [Fact]
    public async Task The_autoscalers_metric_is_one_that_the_gateway_has()
    {
        var scaler = (await Helm.RenderAsync(Everything)).Only<V2HorizontalPodAutoscaler>();

        Assert.Contains(Assert.Single(scaler.Spec.Metrics).Pods.Metric.Name, (await MetricTable.RowsAsync()).Select(static row => row.Prometheus));
    }

    [Fact]
    public async Task Metrics_are_where_the_pod_says_and_not_at_the_clients_service()
    {
        var chart = await Helm.RenderAsync(Everything);
        var metrics = Assert.Single(chart.Typed().OfType<V1Service>(), static service => service.Metadata.Name.EndsWith("-metrics", StringComparison.Ordinal));
        var clients = Assert.Single(chart.Typed().OfType<V1Service>(), static service => service.Spec.ClusterIP != "None");
        var annotations = chart.Only<V1Deployment>().Spec.Template.Metadata.Annotations;

        Assert.Equal(29001, Options(chart).Metrics.Port);
        Assert.Contains(Container(chart).Ports, static port => port is { Name: "metrics", ContainerPort: 29001 });
        Assert.Equal(("None", true), (metrics.Spec.ClusterIP, metrics.Spec.PublishNotReadyAddresses));
        Assert.Equal("metrics", Assert.Single(metrics.Spec.Ports).TargetPort.Value);
        Assert.Equal("http", Assert.Single(clients.Spec.Ports).TargetPort.Value);
        Assert.Equal(("true", "29001", "/metrics"), (annotations["prometheus.io/scrape"], annotations["prometheus.io/port"], annotations["prometheus.io/path"]));
        var rule = Assert.Single(chart.Only<V1NetworkPolicy>().Spec.Ingress, static rule => rule.Ports[0].Port.Value == "metrics");
        Assert.NotNull(Assert.Single(rule.FromProperty).NamespaceSelector);
        Assert.Equal("metrics", metrics.Metadata.Labels["app.kubernetes.io/component"]);
        Assert.Contains("app.kubernetes.io/component: metrics", chart.TextOf("ServiceMonitor"), StringComparison.Ordinal);
        Assert.Contains("port: metrics", chart.TextOf("ServiceMonitor"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("replica: 3", "replica")]
    [InlineData("replicas: three", "/replicas")]
    [InlineData("config: { port: 80 }", "/config")]
    [InlineData("discovery: { enabled: true }", "/discovery")]
    [InlineData("config: { metrics-port: 80 }", "/config")]
    [InlineData("autoscaling: { enabled: true }", "set metrics.enabled")]
    [InlineData("{ metrics: { enabled: true }, autoscaling: { enabled: true, metric: { name: \"\" } } }", "autoscaling.metric.name must be named")]
    [InlineData("serviceMonitor: { enabled: true }", "set metrics.enabled")]
    public async Task Values_that_would_not_do_what_they_say_are_refused(string values, string complaint) =>
        Assert.Contains(complaint, await Helm.RefusalAsync(values), StringComparison.Ordinal);

    /// <summary>Stands for what Kubernetes puts in.</summary>
    private const string PodAddress = "10.1.2.3";

    /// <summary>Files of the pod are replaced by ones that are here.</summary>
    private static GatewayOptions Options(ChartManifests chart)
    {
        var map = chart.Only<V1ConfigMap>().Data;
        using var configuration = new TemporaryFile(map["gateway.yaml"]);
        using var workers = new TemporaryFile(map.TryGetValue("workers.yaml", out var listed) ? listed : "");
        using var key = new TemporaryFile("key");
        using var authority = new TestAuthority();
        var identity = authority.IssueFiles("gateway", forServer: true);
        var environment = Container(chart).Env
            .Where(static variable => variable.Name.StartsWith(EnvironmentVariables.Prefix, StringComparison.Ordinal))
            .ToDictionary(static variable => variable.Name, static variable => variable.Value ?? PodAddress);
        foreach (var (name, value) in environment.Where(static variable => variable.Value.StartsWith('/')).ToArray())
        {
            environment[name] = Path.GetFileName(value) switch
            {
                "gateway.yaml" => configuration.Path,
                "workers.yaml" => workers.Path,
                "tls.crt" => identity.CertificatePath,
                "tls.key" => identity.KeyPath,
                "ca.crt" => authority.Path,
                "state" => value,
                _ => key.Path,
            };
        }

        return Load.Options("", environment);
    }

    private static V1PodSpec Pod(ChartManifests chart) => chart.Only<V1Deployment>().Spec.Template.Spec;

    private static V1Container Container(ChartManifests chart) => Assert.Single(Pod(chart).Containers);

    private static async Task<string> ChecksumAsync(string values) =>
        (await Helm.RenderAsync(values)).Only<V1Deployment>().Spec.Template.Metadata.Annotations["checksum/config"];
}
