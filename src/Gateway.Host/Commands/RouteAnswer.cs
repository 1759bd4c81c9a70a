using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Gateway.Host.Serving;

namespace Gateway.Host.Commands;

/// <summary>What became of a request that <c>gateway route</c> sent.</summary>
/// <param name="Model">It asked for.</param>
/// <param name="Status">Of the answer.</param>
/// <param name="Took">Until the whole answer was there.</param>
/// <param name="Headers">The receipt; empty if the gateway gives none.</param>
/// <param name="Error">Why it failed, or null.</param>
/// <param name="RequestId">By which the log knows it.</param>
internal sealed record RouteAnswer(
    string Model, HttpStatusCode Status, TimeSpan Took, IReadOnlyDictionary<string, string> Headers, string? Error, string RequestId)
{
    private const string Beginning = "x-route-";

    /// <param name="names">Workers' URLs by their ids.</param>
    public JsonObject ToJson(IReadOnlyDictionary<string, string> names)
    {
        var receipt = new JsonObject();
        foreach (var (name, value) in Headers)
            receipt[name[Beginning.Length..].Replace('-', '_')] = value;
        var document = new JsonObject
        {
            ["model"] = Model,
            ["status"] = (int)Status,
            ["elapsed_ms"] = Math.Round(Took.TotalMilliseconds, 1),
            ["request_id"] = RequestId,
            ["receipt"] = Headers.Count > 0 ? receipt : null,
            ["worker_url"] = UrlOf(RouteReceipt.WorkerHeader, names),
            ["prefill_worker_url"] = UrlOf(RouteReceipt.PrefillWorkerHeader, names),
        };
        if (Error is not null)
            document["error"] = Error;
        return document;
    }

    /// <param name="console">Where to.</param>
    /// <param name="names">Workers' URLs by their ids.</param>
    public void Write(CommandConsole console, IReadOnlyDictionary<string, string> names)
    {
        var table = new TextTable("WHAT", "VALUE");
        table.Add("model", Model);
        table.Add("status", new Cell($"{(int)Status}", Error is null ? Tone.Good : Tone.Bad));
        table.Add("took", string.Create(CultureInfo.InvariantCulture, $"{Took.TotalMilliseconds:0.0} ms"));
        table.Add("request id", RequestId);
        foreach (var (name, value) in Headers)
            table.Add(name[Beginning.Length..].Replace('-', ' '), WithUrls(value, names));
        table.Write(console);
        if (Error is not null)
            console.Error.WriteLine($"gateway: the request failed: {CommandConsole.Printable(Error)}");
        else if (Headers.Count == 0)
            console.Error.WriteLine("gateway: no receipt was given: start the server with --allow-route-explain");
    }

    private string? UrlOf(string header, IReadOnlyDictionary<string, string> names) =>
        Headers.TryGetValue(header, out var id) ? names.GetValueOrDefault(id) : null;

    /// <summary>An id says little to people. Loads are lists of <c>id=N</c>.</summary>
    private static string WithUrls(string value, IReadOnlyDictionary<string, string> names) =>
        names.Aggregate(value, static (text, name) => text.Replace(name.Key, name.Value, StringComparison.Ordinal));
}
