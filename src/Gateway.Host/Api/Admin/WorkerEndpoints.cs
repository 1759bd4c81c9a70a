using System.Globalization;
using Gateway.Actors.Discovery.Leases;
using Gateway.Actors.Engines;
using Gateway.Actors.Registry;
using Gateway.Actors.Workers;
using Gateway.Host.Configuration;
using Gateway.Host.Observability;
using static Gateway.Actors.Registry.RegistryProtocol;

namespace Gateway.Host.Api.Admin;

/// <summary>
/// <c>/workers</c>: reads answer from the current snapshot; commands go to the registry, and are answered when they are in a
/// published snapshot. Field names, status codes and error codes are those of the Shepherd Model Gateway.
/// </summary>
internal sealed class WorkerEndpoints(
    RegistryView view, LeaseView leases, RegistryCommands registry, LeaseCommands lessor, WorkerRegistration registration, GatewayOptions options)
{
    /// <summary>How often an edit without a revision of its own is tried again when others edit the same worker.</summary>
    private const int MaxEdits = 5;

    private readonly AddressGuard _guard = new(options.Security.AllowedWorkerNetworks);

    /// <summary><c>GET /workers?model=</c></summary>
    public Task ListAsync(HttpContext context)
    {
        var snapshot = view.Current;
        var model = context.Request.Query["model"].ToString();
        WorkerEntry[] entries = [.. snapshot.Workers.Values
            .Where(entry => model.Length == 0 || entry.Worker.Models.Any(card => Names(card, model)))
            .OrderBy(static entry => entry.Ordinal)
            .SelectMany(static entry => entry.WithRanks())];
        return ControlPlaneAnswer.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartArray("workers"u8);
            foreach (var entry in entries)
            {
                json.WriteStartObject();
                WorkerInfo.Write(json, entry, leases.Find(entry.Worker.Id));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteNumber("total"u8, entries.Length);
            json.WriteStartObject("stats"u8);
            json.WriteNumber("prefill_count"u8, Count(entries, WorkerRole.Prefill));
            json.WriteNumber("decode_count"u8, Count(entries, WorkerRole.Decode));
            json.WriteNumber("regular_count"u8, Count(entries, WorkerRole.Regular));
            json.WriteEndObject();
            json.WriteNumber("version"u8, snapshot.Version);
        });
    }

    /// <summary><c>GET /workers/{worker_id}</c></summary>
    public Task GetAsync(HttpContext context)
    {
        var entry = Find(context);
        context.Response.Headers.ETag = RevisionGuard.Tag(entry.Worker.Revision);
        return ControlPlaneAnswer.WriteAsync(context, StatusCodes.Status200OK, json => WorkerInfo.Write(json, entry, leases.Find(entry.Worker.Id)));
    }

    /// <summary><c>POST /workers</c></summary>
    public async Task RegisterAsync(HttpContext context)
    {
        var (spec, lease) = await ControlPlaneBody.ReadAsync(context, WorkerRegistration.Read);
        AuditLog.Note(context, spec.Url.Text);
        if (_guard.Refuse(spec.Url.Address.Host) is { } reason)
            throw new ControlPlaneException(StatusCodes.Status403Forbidden, ControlPlaneCode.Forbidden, $"url: {reason}");
        await registration.RunAsync(context, spec, lease);
    }

    /// <summary><c>PUT /workers/{worker_id}/lease</c>: renews the lease, for as long as before or as the body says.</summary>
    public async Task RenewAsync(HttpContext context)
    {
        var duration = await ControlPlaneBody.ReadOptionalAsync(context, static json =>
        {
            var fields = new JsonFields(json);
            var seconds = fields.Seconds(WorkerRegistration.LeaseField, WorkerRegistration.ShortestLease, WorkerRegistration.LongestLease);
            fields.RefuseOthers();
            return seconds;
        });
        var entry = Find(context);
        if (entry.State == WorkerState.Draining)
            throw new ControlPlaneException(StatusCodes.Status409Conflict, ControlPlaneCode.WorkerDraining, $"worker {entry.Worker.Id} is being drained");
        if (await lessor.AskAsync(new LeaseProtocol.Renew(entry.Worker.Id, duration), context.RequestAborted) is not LeaseProtocol.Leased leased)
            throw ControlPlaneException.BadRequest($"worker {entry.Worker.Id} has no lease; register it with {WorkerRegistration.LeaseField}");
        await WorkerCommandAnswer.WriteLeasedAsync(context, leased.Id, leased.Lease, "renewed");
    }

    /// <summary><c>POST /workers/{worker_id}/refresh</c>: the engine is asked at once what it is and serves.</summary>
    public Task RefreshAsync(HttpContext context)
    {
        var worker = Find(context).Worker;
        worker.Refresh();
        return ControlPlaneAnswer.WriteAsync(context, StatusCodes.Status202Accepted, json =>
        {
            json.WriteString("status"u8, "accepted");
            json.WriteString("worker_id"u8, worker.Id.Value);
            json.WriteString("message"u8, "it is asked what it serves");
        });
    }

    /// <summary><c>PUT /workers/{worker_id}</c>: replaces the whole description, but for the URL; the key stays when none is sent.</summary>
    public async Task ReplaceAsync(HttpContext context)
    {
        var spec = await ControlPlaneBody.ReadAsync(context, static json => WorkerSpecReader.Read(json, alsoIgnored: WorkerInfo.StateFields));
        await EditAsync(context, "replaced", (entry, revision) => new Replace(entry.Worker.Id, Complete(spec, entry.Worker.Spec), revision));
    }

    /// <summary><c>PATCH /workers/{worker_id}</c>: changes what it names.</summary>
    public async Task UpdateAsync(HttpContext context)
    {
        var patch = await ControlPlaneBody.ReadAsync(context, WorkerSpecReader.ReadPatch);
        await EditAsync(context, "updated", (entry, revision) => new Update(
            entry.Worker.Id,
            patch with { Health = HealthMerge.Over(patch.Health, entry.Worker.Spec.Health) },
            revision));
    }

    /// <summary><c>DELETE /workers/{worker_id}?drain_timeout_secs=&amp;force=</c></summary>
    public async Task RemoveAsync(HttpContext context)
    {
        var id = ReadId(context);
        var query = context.Request.Query;
        ICommand command = ReadSwitch(query["force"].ToString(), "force")
            ? new Remove(id, Everywhere: true)
            : new Drain(id, ReadSeconds(query["drain_timeout_secs"].ToString(), "drain_timeout_secs"), Everywhere: true);
        AuditLog.Note(context, command is Remove ? "remove" : "drain");
        var reply = await registry.AskAsync(command, context.RequestAborted);
        await WorkerCommandAnswer.WriteAsync(context, reply, command is Remove ? "removed" : "draining; it is removed after its last request");
    }

    /// <summary>
    /// Makes the new value from the present one, and has the registry refuse it if that is not the present one any more.
    /// Then the caller is told, if it was the caller's revision; otherwise it is made again.
    /// </summary>
    private async Task EditAsync(HttpContext context, string done, Func<WorkerEntry, long, ICommand> edit)
    {
        var id = ReadId(context);
        var expected = RevisionGuard.Read(context.Request);
        IReply reply;
        var edits = 0;
        do
        {
            var entry = Find(id);
            reply = await registry.AskAsync(edit(entry, expected ?? entry.Worker.Revision), context.RequestAborted);
        }
        while (expected is null && reply is Refused { Refusal: Refusal.RevisionMismatch } && ++edits < MaxEdits);

        await WorkerCommandAnswer.WriteAsync(context, reply, done);
    }

    /// <summary>
    /// The key is never shown, so whoever sends back what was read cannot send it. Neither is a URL without a scheme another one
    /// because the mode that was discovered for it stands beside it.
    /// </summary>
    private static WorkerSpec Complete(WorkerSpec next, WorkerSpec present) => next with
    {
        ApiKey = next.ApiKey ?? present.ApiKey,
        Url = present.Url.Mode == ConnectionMode.Auto && next.Url.Text.EndsWith($"://{present.Url}", StringComparison.Ordinal) ? present.Url : next.Url,
    };

    /// <summary>A worker that is served by its ranks is counted by these.</summary>
    private static int Count(WorkerEntry[] entries, WorkerRole role) =>
        entries.Count(entry => entry.Worker.Ranks.IsEmpty && entry.Worker.Spec.Role == role);

    private static bool Names(ModelCard card, string model) =>
        card.IsWildcard || card.Id == model || card.Aliases.Contains(model, StringComparer.Ordinal);

    private WorkerEntry Find(HttpContext context) => Find(ReadId(context));

    private WorkerEntry Find(WorkerId id) =>
        view.Current.Find(id) ?? throw ControlPlaneException.NotFound($"no worker {id}");

    private static WorkerId ReadId(HttpContext context) =>
        WorkerId.TryParse(context.Request.RouteValues["worker_id"] as string, out var id)
            ? id
            : throw ControlPlaneException.BadRequest("worker_id: must be a UUID");

    private static bool ReadSwitch(string word, string name) => word switch
    {
        "" or "false" or "0" => false,
        "true" or "1" => true,
        _ => throw ControlPlaneException.BadRequest($"{name}: must be true or false"),
    };

    private static TimeSpan? ReadSeconds(string word, string name)
    {
        if (word.Length == 0)
            return null;
        const int Day = 86_400;
        return double.TryParse(word, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds <= Day
            ? TimeSpan.FromSeconds(seconds)
            : throw ControlPlaneException.BadRequest($"{name}: must be a number from 0 to {Day}");
    }
}
