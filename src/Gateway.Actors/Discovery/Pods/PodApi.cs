using System.Net;
using System.Runtime.ExceptionServices;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace Gateway.Actors.Discovery.Pods;

/// <summary>What is asked of Kubernetes' API server: lists of pods, and to be told of changes.</summary>
internal sealed class PodApi(IKubernetes client, string? podNamespace, string selector, int pageSize) : IDisposable
{
    /// <summary>Page by page, all of the same moment, so that thousands of pods are no burden for the server.</summary>
    /// <exception cref="PodVersionGoneException">That moment was too long ago for the next page: list again.</exception>
    public async Task<V1PodList> ListAsync(CancellationToken cancellation)
    {
        var list = await ListPageAsync(null, cancellation).ConfigureAwait(false);
        var pods = new List<V1Pod>(list.Items);
        while (list.Metadata.ContinueProperty is { Length: > 0 } next)
        {
            try
            {
                list = await ListPageAsync(next, cancellation).ConfigureAwait(false);
            }
            catch (HttpOperationException refused) when (refused.Response?.StatusCode == HttpStatusCode.Gone)
            {
                throw new PodVersionGoneException(refused);
            }

            pods.AddRange(list.Items);
        }

        list.Items = pods;
        return list;
    }

    /// <summary>Ends when the server ends it, or throws when it breaks.</summary>
    /// <param name="version">From where on.</param>
    /// <param name="onEvent">Told of each event, bookmarks included.</param>
    /// <param name="cancellation">Ends it too.</param>
    /// <exception cref="PodVersionGoneException">The server does not know that version any more: list again.</exception>
    public async Task WatchAsync(string version, Action<WatchEventType, V1Pod> onEvent, CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Exception? failure = null;
        var events = podNamespace is null
            ? client.CoreV1.WatchListPodForAllNamespacesAsync(
                allowWatchBookmarks: true, labelSelector: selector, resourceVersion: version, onError: Fail, cancellationToken: end.Token)
            : client.CoreV1.WatchListNamespacedPodAsync(
                podNamespace, allowWatchBookmarks: true, labelSelector: selector, resourceVersion: version, onError: Fail, cancellationToken: end.Token);
        try
        {
            await foreach (var (type, pod) in events.ConfigureAwait(false))
                onEvent(type, pod);
        }
        catch (OperationCanceledException) when (failure is not null)
        {
            // The failure ended it.
        }
        catch (HttpOperationException refused) when (refused.Response?.StatusCode == HttpStatusCode.Gone)
        {
            throw new PodVersionGoneException(refused);
        }

        if (failure is KubernetesException { Status.Code: (int)HttpStatusCode.Gone })
            throw new PodVersionGoneException(failure);
        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);

        void Fail(Exception cause)
        {
            failure ??= cause;
            end.Cancel();
        }
    }

    private Task<V1PodList> ListPageAsync(string? next, CancellationToken cancellation) => podNamespace is null
        ? client.CoreV1.ListPodForAllNamespacesAsync(
            labelSelector: selector, limit: pageSize, continueParameter: next, cancellationToken: cancellation)
        : client.CoreV1.ListNamespacedPodAsync(
            podNamespace, labelSelector: selector, limit: pageSize, continueParameter: next, cancellationToken: cancellation);

    public void Dispose() => client.Dispose();
}

/// <summary>The API server no longer keeps the changes since the version that was asked for.</summary>
internal sealed class PodVersionGoneException(Exception cause) : Exception("the version to watch from is gone", cause);
