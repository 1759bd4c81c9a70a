using Gateway.Actors.Cluster;
using Gateway.Host.Configuration;

namespace Gateway.Host.Api.Admin;

/// <summary><c>GET /cluster</c>: the gateways of the cluster as this one sees them.</summary>
internal sealed class ClusterEndpoint(ClusterView view, GatewayOptions options)
{
    public Task GetAsync(HttpContext context)
    {
        var members = view.Current;
        return ControlPlaneAnswer.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteBoolean("enabled"u8, options.Cluster.IsEnabled);
            json.WriteStartArray("members"u8);
            foreach (var member in members)
            {
                json.WriteStartObject();
                json.WriteString("address"u8, member.Address);
                json.WriteString("status"u8, member.Status);
                json.WriteBoolean("reachable"u8, member.IsReachable);
                json.WriteBoolean("self"u8, member.IsSelf);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteNumber("total"u8, members.Count);
        });
    }
}
