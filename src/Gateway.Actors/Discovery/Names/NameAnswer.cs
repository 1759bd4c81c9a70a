using System.Net;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Discovery.Names;

/// <summary>Where a name's workers are, as an answer said. There is at least one: no address is no answer.</summary>
/// <param name="Places">In order, each once.</param>
/// <param name="TimeToLive">How long it is worth something at least.</param>
internal sealed record NameAnswer(EquatableArray<IPEndPoint> Places, TimeSpan TimeToLive);

/// <summary>A name could not be resolved, or has no addresses: nothing follows from it for the workers.</summary>
internal sealed class NameUnknownException(string message) : Exception(message);
