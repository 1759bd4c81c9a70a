using System.Diagnostics.CodeAnalysis;
using Gateway.Actors.Workers;
using k8s;
using k8s.Models;

namespace Gateway.Actors.Discovery.Pods;

/// <summary>
/// Lists the pods once in each interval, and watches them in between. A watch never outlives its interval, so that one that has died
/// without a word is noticed then; one that ends earlier is taken up again where it ended.
/// </summary>
/// <param name="settings">Which pods.</param>
/// <param name="tell">Given a <see cref="PodsListed"/>, <see cref="PodSeen"/>, <see cref="PodDeleted"/> or <see cref="PodsUnknown"/>.</param>
internal sealed class PodWatch(PodDiscoverySettings settings, Action<object> tell)
{
    private int _failures;

    /// <summary>Goes on until it is told to stop.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whatever the client throws, the fleet stays and the server is asked again.")]
    public async Task RunAsync(CancellationToken stop)
    {
        PodApi? api = null;
        try
        {
            while (!stop.IsCancellationRequested)
            {
                using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
                deadline.CancelAfter(settings.Interval);
                var isListed = false;
                try
                {
                    api ??= new PodApi(settings.Connect(), settings.Namespace, settings.Selector, settings.PageSize);
                    var version = await ListAsync(api, deadline.Token).ConfigureAwait(false);
                    isListed = true;
                    await WatchAsync(api, version, deadline.Token).ConfigureAwait(false);
                }
                catch (OperationCanceledException) when (deadline.IsCancellationRequested)
                {
                    if (isListed || stop.IsCancellationRequested)
                        continue;
                    tell(new PodsUnknown($"the API server did not answer within {settings.Interval.TotalSeconds} s"));
                }
                catch (PodVersionGoneException)
                {
                    await PauseAsync(stop).ConfigureAwait(false);
                }
                catch (Exception failure)
                {
                    tell(new PodsUnknown(failure.Message));
                    await PauseAsync(stop).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Told to stop while it paused.
        }
        finally
        {
            api?.Dispose();
        }
    }

    private async Task<string> ListAsync(PodApi api, CancellationToken deadline)
    {
        var list = await api.ListAsync(deadline).ConfigureAwait(false);
        tell(new PodsListed([.. list.Items.Select(Read)], PodReader.VersionOf(list.Metadata.ResourceVersion)));
        return list.Metadata.ResourceVersion;
    }

    private async Task WatchAsync(PodApi api, string version, CancellationToken deadline)
    {
        while (true)
        {
            try
            {
                await api.WatchAsync(version, OnEvent, deadline).ConfigureAwait(false);
            }
            catch (IOException) when (!deadline.IsCancellationRequested)
            {
                // A connection that broke is a watch that has ended: the version says what is missing.
            }

            await PauseAsync(deadline).ConfigureAwait(false);
        }

        void OnEvent(WatchEventType type, V1Pod pod)
        {
            _failures = 0;
            version = pod.Metadata.ResourceVersion;
            if (type is WatchEventType.Added or WatchEventType.Modified)
                tell(new PodSeen(Read(pod)));
            else if (type == WatchEventType.Deleted)
                tell(new PodDeleted(Read(pod)));
        }
    }

    private PodSighting Read(V1Pod pod) => PodReader.Read(pod, settings);

    /// <summary>Keeps a server that ends every watch at once from being asked without a break.</summary>
    private Task PauseAsync(CancellationToken cancellation) =>
        Task.Delay(Backoff.Jitter(Backoff.Delay(settings.RetryDelay, settings.Interval, _failures++), Random.Shared), cancellation);
}

internal sealed record PodsListed(IReadOnlyList<PodSighting> Pods, ulong? Version);

internal sealed record PodSeen(PodSighting Pod);

internal sealed record PodDeleted(PodSighting Pod);

/// <summary>The server could not be asked. Nothing follows from it: the pods are still what they were.</summary>
internal sealed record PodsUnknown(string Reason);
