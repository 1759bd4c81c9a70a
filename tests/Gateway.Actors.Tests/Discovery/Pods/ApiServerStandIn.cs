using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Gateway.Actors.Tests.Support;
using k8s;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Gateway.Actors.Tests.Discovery.Pods;

/// <summary>
/// The part of Kubernetes' API server that discovery uses, over real HTTP: lists with a resource version, watches as chunks of JSON
/// lines from a version on, bookmarks, 410 for versions it has forgotten. And what goes wrong with it.
/// </summary>
internal sealed class ApiServerStandIn : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (PodRecord Pod, long Version)> _pods = [];
    private readonly List<(long Version, string Type, PodRecord Pod)> _log = [];
    private readonly List<Watcher> _watchers = [];
    private readonly Dictionary<string, (string[] Pods, long Version)> _rests = [];
    private StubServer _server = null!;
    private long _version = 100;
    private long _forgotten;

    /// <summary>Lists that may still be answered, by selector, once they are counted; others are kept waiting.</summary>
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _lists = new(StringComparer.Ordinal);
    private volatile int _allowedLists = -1;

    /// <summary>Events that happen are not told to anybody while this holds.</summary>
    public bool LosesEvents { get; set; }

    /// <summary>Every request is refused with this status, if there is one.</summary>
    public int? RefusesWith { get; set; }

    public int Lists { get; private set; }

    /// <summary>Answers that had a part of a list.</summary>
    public int Pages { get; private set; }

    public int Port => _server.Port;

    /// <summary>Versions from which watches began.</summary>
    public List<long> WatchedFrom { get; } = [];

    public int OpenWatches
    {
        get
        {
            lock (_lock)
                return _watchers.Count;
        }
    }

    public static async Task<ApiServerStandIn> StartAsync()
    {
        var standIn = new ApiServerStandIn();
        standIn._server = await StubServer.StartAsync(app =>
        {
            app.MapGet("/api/v1/pods", context => standIn.AnswerAsync(context, null));
            app.MapGet("/api/v1/namespaces/{ns}/pods", context => standIn.AnswerAsync(context, (string)context.Request.RouteValues["ns"]!));
        });
        return standIn;
    }

    public IKubernetes Connect() => new Kubernetes(new KubernetesClientConfiguration { Host = $"http://127.0.0.1:{_server.Port}" });

    public ValueTask DisposeAsync()
    {
        DropWatches();
        return _server.DisposeAsync();
    }

    public PodRecord? Find(string uid)
    {
        lock (_lock)
            return _pods.TryGetValue(uid, out var found) ? found.Pod : null;
    }

    public PodRecord[] All()
    {
        lock (_lock)
            return [.. _pods.Values.Select(static held => held.Pod)];
    }

    public void Put(PodRecord pod)
    {
        lock (_lock)
        {
            var before = _pods.TryGetValue(pod.Uid, out var held) ? held.Pod : null;
            _pods[pod.Uid] = (pod, ++_version);
            // Whoever watches by a label sees a pod that loses it go, and one that gets it come.
            if (before is not null && before.App != pod.App)
                Happened("DELETED", before);
            Happened(before?.App == pod.App ? "MODIFIED" : "ADDED", pod);
        }
    }

    public void Delete(string uid)
    {
        lock (_lock)
        {
            if (!_pods.Remove(uid, out var held))
                return;
            _version++;
            Happened("DELETED", held.Pod);
        }
    }

    /// <summary>Tells all watches the last events once more, in an order that is wrong.</summary>
    public void RepeatBackwards(int count)
    {
        lock (_lock)
        {
            foreach (var (version, type, pod) in Enumerable.Reverse(_log).Take(count))
                Tell(type, pod, version);
        }
    }

    public long Bookmark()
    {
        lock (_lock)
        {
            var line = new JsonObject
            {
                ["type"] = "BOOKMARK",
                ["object"] = new JsonObject
                {
                    ["kind"] = "Pod",
                    ["apiVersion"] = "v1",
                    ["metadata"] = new JsonObject { ["resourceVersion"] = $"{_version}" },
                },
            }.ToJsonString();
            foreach (var watcher in _watchers)
                watcher.Lines.Writer.TryWrite(line);
            return _version;
        }
    }

    /// <summary>Forgets its history: whoever watches from an older version is told 410.</summary>
    public void Compact()
    {
        lock (_lock)
        {
            _forgotten = ++_version;
            _log.Clear();
        }
    }

    /// <summary>Tells running watches that their version is gone, as the server does in the middle of a stream.</summary>
    public void SayGone()
    {
        lock (_lock)
        {
            foreach (var watcher in _watchers)
            {
                watcher.Lines.Writer.TryWrite(Gone.ToJsonString());
                watcher.Lines.Writer.TryComplete();
            }
        }
    }

    /// <param name="abruptly">In the middle, as a connection breaks; otherwise as a server ends a watch in peace.</param>
    public void DropWatches(bool abruptly = false)
    {
        lock (_lock)
        {
            foreach (var watcher in _watchers)
                watcher.Lines.Writer.TryComplete(abruptly ? new IOException("dropped") : null);
        }
    }

    /// <summary>Of the lists that begin after this, so many are answered for each selector: none takes another's.</summary>
    public void AllowLists(int count) => _allowedLists = count;

    private static JsonObject Gone => new()
    {
        ["type"] = "ERROR",
        ["object"] = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["status"] = "Failure",
            ["message"] = "too old resource version",
            ["reason"] = "Expired",
            ["code"] = 410,
        },
    };

    private void Happened(string type, PodRecord pod)
    {
        _log.Add((_version, type, pod));
        if (!LosesEvents)
            Tell(type, pod, _version);
    }

    private void Tell(string type, PodRecord pod, long version)
    {
        foreach (var watcher in _watchers.Where(watcher => watcher.Sees(pod)))
            watcher.Lines.Writer.TryWrite(Line(type, pod, version));
    }

    private static string Line(string type, PodRecord pod, long version) =>
        new JsonObject { ["type"] = type, ["object"] = pod.ToJson(version) }.ToJsonString();

    private async Task AnswerAsync(HttpContext context, string? podNamespace)
    {
        if (RefusesWith is { } status)
        {
            context.Response.StatusCode = status;
            return;
        }

        var query = context.Request.Query;
        var filter = new Filter(podNamespace, query["labelSelector"].ToString());
        context.Response.ContentType = "application/json";
        if (query["watch"].ToString() == "true")
            await WatchAsync(context, filter, long.Parse(query["resourceVersion"].ToString(), System.Globalization.CultureInfo.InvariantCulture));
        else
            await ListAsync(context, filter, query["limit"].ToString(), query["continue"].ToString());
    }

    /// <summary>Pages of one list are of the same moment, also if pods change in between; after <see cref="Compact"/> the rest is gone.</summary>
    private async Task ListAsync(HttpContext context, Filter filter, string limit, string next)
    {
        if (_allowedLists is >= 0 and var allowed && next.Length == 0)
        {
            var selector = context.Request.Query["labelSelector"].ToString();
            await _lists.GetOrAdd(selector, static (_, count) => new SemaphoreSlim(count), allowed).WaitAsync(context.RequestAborted);
        }

        string body;
        lock (_lock)
        {
            if (next.Length == 0)
                Lists++;
            Pages++;
            var (pods, version) = next.Length == 0
                ? ([.. _pods.Values.Where(held => filter.Sees(held.Pod)).Select(static held => held.Pod.ToJson(held.Version).ToJsonString())], _version)
                : _rests.TryGetValue(next, out var rest) ? rest : ([], -1);
            if (version < _forgotten)
            {
                context.Response.StatusCode = StatusCodes.Status410Gone;
                return;
            }

            var count = limit.Length == 0 ? pods.Length : int.Parse(limit, System.Globalization.CultureInfo.InvariantCulture);
            var token = pods.Length > count ? $"{version}-{pods.Length - count}-{filter.Selector}" : "";
            if (token.Length > 0)
                _rests[token] = (pods[count..], version);
            body = new JsonObject
            {
                ["kind"] = "PodList",
                ["apiVersion"] = "v1",
                ["metadata"] = new JsonObject { ["resourceVersion"] = $"{version}", ["continue"] = token },
                ["items"] = new JsonArray([.. pods.Take(count).Select(static pod => JsonNode.Parse(pod))]),
            }.ToJsonString();
        }

        await context.Response.WriteAsync(body);
    }

    private async Task WatchAsync(HttpContext context, Filter filter, long from)
    {
        var watcher = new Watcher(filter);
        lock (_lock)
        {
            WatchedFrom.Add(from);
            if (from < _forgotten)
            {
                watcher.Lines.Writer.TryWrite(Gone.ToJsonString());
                watcher.Lines.Writer.TryComplete();
            }
            else if (!LosesEvents)
            {
                foreach (var (version, type, pod) in _log.Where(entry => entry.Version > from && filter.Sees(entry.Pod)))
                    watcher.Lines.Writer.TryWrite(Line(type, pod, version));
            }

            _watchers.Add(watcher);
        }

        try
        {
            await context.Response.StartAsync(context.RequestAborted);
            await foreach (var line in watcher.Lines.Reader.ReadAllAsync(context.RequestAborted))
                await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), context.RequestAborted);
        }
        catch (IOException)
        {
            context.Abort();
        }
        catch (OperationCanceledException)
        {
            // The client has gone.
        }
        finally
        {
            lock (_lock)
                _watchers.Remove(watcher);
        }
    }

    private sealed record Filter(string? Namespace, string Selector)
    {
        public bool Sees(PodRecord pod) => (Namespace is null || Namespace == pod.Namespace) && Selector == $"app={pod.App}";
    }

    private sealed class Watcher(Filter filter)
    {
        public Channel<string> Lines { get; } = Channel.CreateUnbounded<string>();

        public bool Sees(PodRecord pod) => filter.Sees(pod);
    }
}
