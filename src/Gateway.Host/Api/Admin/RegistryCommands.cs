using Akka.Actor;
using Akka.Hosting;
using Gateway.Actors.Registry;
using static Gateway.Actors.Registry.RegistryProtocol;

namespace Gateway.Host.Api.Admin;

/// <summary>Asks the registry to do something. For the control plane only: requests never wait for an actor.</summary>
internal sealed class RegistryCommands(IRequiredActor<RegistryActor> registry)
{
    /// <summary>The registry answers in microseconds; only a gateway that is starting or drowning takes longer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <exception cref="ControlPlaneException">No answer came in time.</exception>
    public async Task<IReply> AskAsync(ICommand command, CancellationToken cancellation)
    {
        try
        {
            var actor = await registry.GetAsync(cancellation);
            return await actor.Ask<IReply>(command, Patience, cancellation);
        }
        catch (AskTimeoutException)
        {
            throw new ControlPlaneException(
                StatusCodes.Status503ServiceUnavailable,
                ControlPlaneCode.Busy,
                $"the registry did not answer within {Patience.TotalSeconds} s; the command may still be carried out");
        }
    }
}
