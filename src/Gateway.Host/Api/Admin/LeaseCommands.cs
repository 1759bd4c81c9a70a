using Akka.Actor;
using Akka.Hosting;
using Gateway.Actors.Discovery.Leases;

namespace Gateway.Host.Api.Admin;

/// <summary>Tells the leases of registrations what to keep. For the control plane only.</summary>
internal sealed class LeaseCommands(IRequiredActor<LeaseActor> leases)
{
    /// <summary>It answers in microseconds; only a gateway that is starting or drowning takes longer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <exception cref="ControlPlaneException">No answer came in time.</exception>
    public async Task<LeaseProtocol.IReply> AskAsync(LeaseProtocol.ICommand command, CancellationToken cancellation)
    {
        try
        {
            var actor = await leases.GetAsync(cancellation);
            return await actor.Ask<LeaseProtocol.IReply>(command, Patience, cancellation);
        }
        catch (AskTimeoutException)
        {
            throw new ControlPlaneException(
                StatusCodes.Status503ServiceUnavailable, ControlPlaneCode.Busy, $"the lease was not taken within {Patience.TotalSeconds} s; try again");
        }
    }
}
