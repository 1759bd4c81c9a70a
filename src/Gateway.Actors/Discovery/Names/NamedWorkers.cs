using Gateway.Actors.Workers;

namespace Gateway.Actors.Discovery.Names;

/// <summary>The workers at the addresses of one name.</summary>
/// <param name="Name">What to resolve.</param>
/// <param name="Role">What these workers do.</param>
/// <param name="BootstrapPort">Of prefill workers; null leaves it to the engine's default.</param>
public sealed record NamedWorkers(WorkerName Name, WorkerRole Role = WorkerRole.Regular, int? BootstrapPort = null)
{
    internal IEnumerable<WorkerSpec> At(NameAnswer answer) => answer.Places.Select(place => new WorkerSpec
    {
        Url = Name.UrlAt(place),
        Role = Role,
        BootstrapPort = BootstrapPort,
        ServerName = Name.ServerName,
    });
}
