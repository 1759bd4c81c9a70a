using System.Text.Json;
using Gateway.Actors.Discovery.Leases;
using Gateway.Actors.Registry;
using Gateway.Actors.Workers;
using Gateway.Host.Configuration;
using static Gateway.Actors.Registry.RegistryProtocol;

namespace Gateway.Host.Api.Admin;

/// <summary>
/// Registers a worker, for good or with a lease. A worker renews its lease by registering again, with the same words; doing so without a
/// lease makes it stay. See docs/decisions.
/// </summary>
internal sealed class WorkerRegistration(RegistryView view, LeaseView leases, RegistryCommands registry, LeaseCommands lessor)
{
    /// <summary>A day: who is away for longer is gone.</summary>
    public const double LongestLease = 86_400;

    public const double ShortestLease = 1;

    /// <summary>The field of a registration that is not part of the worker's description.</summary>
    public const string LeaseField = "lease_secs";

    public static (WorkerSpec Spec, TimeSpan? Lease) Read(JsonElement json) =>
        (WorkerSpecReader.Read(json, alsoIgnored: [LeaseField]), ReadLease(json));

    public static TimeSpan? ReadLease(JsonElement json) => new JsonFields(json).Seconds(LeaseField, ShortestLease, LongestLease);

    public async Task RunAsync(HttpContext context, WorkerSpec spec, TimeSpan? lease)
    {
        var reply = await registry.AskAsync(new Register(spec, WorkerOrigin.Api), context.RequestAborted);
        if (reply is Accepted { Changed: true } added)
        {
            if (lease is { } first)
                await WorkerCommandAnswer.WriteRegisteredAsync(context, spec, reply, await GrantAsync(context, added.Id, first, spec));
            else
                await WriteForGoodAsync(context, added.Id, spec, reply);
        }
        else if (SameAgain(spec, reply) is { } id && lease is { } again)
        {
            await WorkerCommandAnswer.WriteLeasedAsync(context, id, await GrantAsync(context, id, again, spec), "renewed");
        }
        else if (SameAgain(spec, reply) is { } freed && leases.Find(freed) is not null)
        {
            await lessor.AskAsync(new LeaseProtocol.Forget(freed), context.RequestAborted);
            await WorkerCommandAnswer.WriteLeasedAsync(context, freed, lease: null, "it stays without renewals from now on");
        }
        else
        {
            await WorkerCommandAnswer.WriteRegisteredAsync(context, spec, reply);
        }
    }

    /// <summary>What was left of an earlier worker in the same place must not end this one.</summary>
    private async Task WriteForGoodAsync(HttpContext context, WorkerId id, WorkerSpec spec, IReply reply)
    {
        if (leases.Find(id) is not null)
            await lessor.AskAsync(new LeaseProtocol.Forget(id), context.RequestAborted);
        await WorkerCommandAnswer.WriteRegisteredAsync(context, spec, reply);
    }

    /// <summary>The worker that said this before, also if it was edited since. Workers of other origins have no lease.</summary>
    private WorkerId? SameAgain(WorkerSpec spec, IReply reply)
    {
        WorkerId? id = reply switch
        {
            Accepted accepted => accepted.Id,
            Refused { Refusal: Refusal.UrlTaken, Id: { } taken } when leases.Find(taken)?.Told == spec => taken,
            _ => null,
        };
        return id is { } known && view.Current.Find(known) is { Origin: WorkerOrigin.Api } ? known : null;
    }

    private async Task<RegistrationLease> GrantAsync(HttpContext context, WorkerId id, TimeSpan duration, WorkerSpec told) =>
        ((LeaseProtocol.Leased)await lessor.AskAsync(new LeaseProtocol.Grant(id, duration, told), context.RequestAborted)).Lease;
}
