using Gateway.Host.Dashboard.Requests;
using Gateway.Host.Serving;

namespace Gateway.Host.Tests.Dashboard;

/// <summary>Requests of which nothing matters but that they have ended well.</summary>
internal static class AnyRequest
{
    public static RequestRecord Ended() => new()
    {
        Id = "",
        EndedAt = DateTimeOffset.UnixEpoch,
        Endpoint = "",
        Status = 200,
        Ending = ExchangeEnding.Complete,
        Total = TimeSpan.Zero,
        Times = default,
    };
}
