using Gateway.Actors.Discovery.Leases;
using Gateway.Actors.Registry;
using Gateway.Actors.Workers;
using static Gateway.Actors.Registry.RegistryProtocol;

namespace Gateway.Host.Api.Admin;

/// <summary>Tells the caller what the registry answered to a command about a worker.</summary>
internal static class WorkerCommandAnswer
{
    /// <summary>
    /// A second registration is refused whether or not it says the same as the first: scripts expect that. <c>identical</c> tells
    /// which of the two it was. See docs/decisions.
    /// </summary>
    public static Task WriteRegisteredAsync(HttpContext context, WorkerSpec spec, IReply reply, RegistrationLease? lease = null)
    {
        if (reply is not Accepted accepted)
            return WriteAsync(context, reply, "");
        var location = Location(accepted.Id);
        context.Response.Headers.Location = location;
        return accepted.Changed
            ? ControlPlaneAnswer.WriteAsync(context, StatusCodes.Status202Accepted, json =>
            {
                json.WriteString("status"u8, "accepted");
                json.WriteString("worker_id"u8, accepted.Id.Value);
                json.WriteString("url"u8, spec.Url.Text);
                json.WriteString("location"u8, location);
                json.WriteString("message"u8, "registered; it takes requests as soon as it is ready");
                WorkerInfo.WriteLease(json, lease);
            })
            : WriteExistsAsync(context, accepted.Id, $"{spec.Url} is registered already, with this same description", identical: true);
    }

    /// <summary>Writes 200: the worker was there, and its lease is now this one, or none.</summary>
    public static Task WriteLeasedAsync(HttpContext context, WorkerId id, RegistrationLease? lease, string done)
    {
        var location = Location(id);
        context.Response.Headers.Location = location;
        return ControlPlaneAnswer.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteString("status"u8, "accepted");
            json.WriteString("worker_id"u8, id.Value);
            json.WriteString("location"u8, location);
            json.WriteString("message"u8, done);
            WorkerInfo.WriteLease(json, lease);
        });
    }

    /// <summary>Writes 202 for what was accepted, else why it was not.</summary>
    public static Task WriteAsync(HttpContext context, IReply reply, string done)
    {
        if (reply is Refused refused)
            return WriteRefusedAsync(context, refused);
        var accepted = (Accepted)reply;
        return ControlPlaneAnswer.WriteAsync(context, StatusCodes.Status202Accepted, json =>
        {
            json.WriteString("status"u8, "accepted");
            json.WriteString("worker_id"u8, accepted.Id.Value);
            json.WriteString("message"u8, accepted.Changed ? done : "nothing to change");
            json.WriteNumber("revision"u8, accepted.Revision);
            json.WriteNumber("version"u8, accepted.Version);
        });
    }

    private static Task WriteRefusedAsync(HttpContext context, Refused refused)
    {
        if (refused.Id is { } id)
            context.Response.Headers.Location = Location(id);
        if (refused is { Refusal: Refusal.UrlTaken, Id: { } taken })
            return WriteExistsAsync(context, taken, $"{refused.Message}; use PUT /workers/{taken} to change it", identical: false);

        var (status, code) = refused.Refusal switch
        {
            Refusal.UnknownWorker => (StatusCodes.Status404NotFound, ControlPlaneCode.WorkerNotFound),
            Refusal.UrlTaken or Refusal.EngineTaken => (StatusCodes.Status409Conflict, ControlPlaneCode.WorkerAlreadyExists),
            Refusal.IsRank => (StatusCodes.Status409Conflict, ControlPlaneCode.WorkerIsRank),
            Refusal.RevisionMismatch => (StatusCodes.Status412PreconditionFailed, ControlPlaneCode.RevisionMismatch),
            Refusal.UrlChanged or Refusal.UnknownPolicy => (StatusCodes.Status400BadRequest, ControlPlaneCode.BadRequest),
            Refusal.Draining => (StatusCodes.Status409Conflict, ControlPlaneCode.WorkerDraining),
            _ => (StatusCodes.Status500InternalServerError, ControlPlaneCode.InternalError),
        };
        return ControlPlaneAnswer.WriteErrorAsync(context, status, code, refused.Message, json =>
        {
            if (refused.Id is { } worker)
                json.WriteString("worker_id"u8, worker.Value);
        });
    }

    private static Task WriteExistsAsync(HttpContext context, WorkerId id, string message, bool identical) =>
        ControlPlaneAnswer.WriteErrorAsync(context, StatusCodes.Status409Conflict, ControlPlaneCode.WorkerAlreadyExists, message, json =>
        {
            json.WriteString("worker_id"u8, id.Value);
            json.WriteBoolean("identical"u8, identical);
        });

    private static string Location(WorkerId id) => $"/workers/{id}";
}
