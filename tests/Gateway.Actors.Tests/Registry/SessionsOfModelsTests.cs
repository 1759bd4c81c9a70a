using Gateway.Actors.Registry;
using Gateway.Actors.Routing;
using Gateway.Actors.Tests.Support;
using Gateway.Actors.Workers;
using static Gateway.Actors.Registry.RegistryProtocol;

namespace Gateway.Actors.Tests.Registry;

/// <summary>Where sessions belong when a routing key goes before the policy.</summary>
public sealed class SessionsOfModelsTests() : FleetTestKit(settings: new RegistrySettings
{
    Policy = "random",
    Routing = new RoutingSettings { RoutingKeyOverride = true },
})
{
    [Fact]
    public void Each_model_and_role_has_its_own_and_they_outlast_a_change_of_policy()
    {
        for (var i = 0; i < 8; i++)
        {
            Register($"http://a{i}:1", "m", "n");
            Register(Make.Spec($"http://p{i}:1", "m") with { Role = WorkerRole.Prefill });
        }

        var regular = Homes("m", WorkerRole.Regular);
        Assert.NotEqual(regular, Homes("n", WorkerRole.Regular));
        Assert.All(Homes("m", WorkerRole.Prefill), static worker => Assert.Equal(WorkerRole.Prefill, worker!.Spec.Role));

        Assert.IsType<PolicySet>(Send(new SetPolicy("m", null, "least_load")));

        Assert.IsType<LeastLoadPolicy>(Assert.IsType<RoutingKeyOverridePolicy>(Current.Models["m"].Policy).Policy);
        Assert.Equal(regular, Homes("m", WorkerRole.Regular));
    }

    private Worker?[] Homes(string id, WorkerRole role)
    {
        var model = Current.Models[id];
        return [.. Enumerable.Range(0, 50).Select(i => Ask.Pick(model.PolicyFor(role), model.WorkersFor(role), key: $"{i}"))];
    }
}
