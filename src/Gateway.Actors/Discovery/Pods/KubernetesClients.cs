using k8s;

namespace Gateway.Actors.Discovery.Pods;

/// <summary>How the API server is reached, and as whom.</summary>
public static class KubernetesClients
{
    /// <param name="kubeconfig">Null takes the service account of the pod the gateway runs in.</param>
    public static IKubernetes Create(string? kubeconfig) => new Kubernetes(kubeconfig is null
        ? KubernetesClientConfiguration.InClusterConfig()
        : KubernetesClientConfiguration.BuildConfigFromConfigFile(kubeconfig));
}
