using Gateway.Actors.Registry;
using Gateway.Actors.Routing;
using Gateway.Actors.Tests.Support;
using Gateway.Actors.Workers;
using static Gateway.Actors.Registry.RegistryProtocol;

namespace Gateway.Actors.Tests.Registry;

/// <summary>Who decides which policy a model has, and what becomes of it.</summary>
public sealed class PolicyChoiceTests() : FleetTestKit(settings: new RegistrySettings
{
    Policy = "round_robin",
    PrefillPolicy = "bucket",
    ModelPolicies = [new ModelPolicyName("configured", "passthrough")],
})
{
    [Fact]
    public void Each_role_has_the_configured_policy_and_only_if_a_worker_has_the_role()
    {
        Register("http://a:1", "m");
        Assert.Equal(("round_robin", PolicySource.Default), Choice("m", WorkerRole.Regular));
        Assert.Null(Model("m").Policies.Prefill);
        Register(Make.Spec("http://b:1", "m") with { Role = WorkerRole.Prefill });
        Register(Make.Spec("http://c:1", "m") with { Role = WorkerRole.Decode });
        Assert.Equal(("bucket", PolicySource.Default), Choice("m", WorkerRole.Prefill));
        Assert.Equal(("round_robin", PolicySource.Default), Choice("m", WorkerRole.Decode));
        Assert.IsType<BucketPolicy>(Model("m").PolicyFor(WorkerRole.Prefill));
        Assert.IsType<RoundRobinPolicy>(Model("m").Policy);
    }

    [Fact]
    public void The_first_label_of_a_models_workers_of_a_role_counts()
    {
        Register("http://a:1", "m");
        Register(Labelled("http://b:1", "manual"));
        Register(Labelled("http://c:1", "random"));
        Register(Labelled("http://d:1", "least_load") with { Role = WorkerRole.Decode });
        Assert.Equal(("manual", PolicySource.Label), Choice("m", WorkerRole.Regular));
        Assert.Equal(("least_load", PolicySource.Label), Choice("m", WorkerRole.Decode));
    }

    [Fact]
    public void A_label_that_names_no_policy_is_refused_before_it_does_harm()
    {
        Assert.Equal(Refusal.UnknownPolicy, SendRefused(new Register(Labelled("http://a:1", "fancy"), WorkerOrigin.Api)).Refusal);
        var id = Register("http://a:1", "m").Id;
        var patch = new WorkerPatch { Labels = new Labels([KeyValuePair.Create("policy", "fancy")]) };
        Assert.Equal(Refusal.UnknownPolicy, SendRefused(new Update(id, patch)).Refusal);
    }

    [Fact]
    public void The_more_specific_word_counts()
    {
        Register(Labelled("http://a:1", "random"));
        Register(Labelled("http://b:1", "random", "configured"));
        Register("http://c:1", "other");
        Set(null, null, "prefix_hash");
        Assert.Equal(("random", PolicySource.Label), Choice("m", WorkerRole.Regular));
        Assert.Equal(("passthrough", PolicySource.Configuration), Choice("configured", WorkerRole.Regular));
        Assert.Equal(("prefix_hash", PolicySource.RuntimeDefault), Choice("other", WorkerRole.Regular));
        Set("configured", WorkerRole.Regular, "manual");
        Assert.Equal(("manual", PolicySource.Runtime), Choice("configured", WorkerRole.Regular));
        Set("configured", null, null);
        Set(null, null, null);
        Assert.Equal(("passthrough", PolicySource.Configuration), Choice("configured", WorkerRole.Regular));
        Assert.Equal(("round_robin", PolicySource.Default), Choice("other", WorkerRole.Regular));
    }

    [Fact]
    public void A_choice_is_published_when_it_is_answered_and_touches_only_its_model()
    {
        Register("http://a:1", "m");
        Register("http://b:1", "n");
        var n = Model("n");
        var set = Set("m", null, "least_load");
        Assert.True(set.Changed);
        Assert.Equal(Current.Version, set.Version);
        Assert.IsType<LeastLoadPolicy>(Model("m").Policy);
        Assert.Same(n, Model("n"));
        Assert.False(Set("m", null, "least_load").Changed);
    }

    [Fact]
    public void A_choice_survives_workers_that_leave_and_come_back_and_keeps_its_instance_while_they_change()
    {
        var first = Register("http://a:1", "m").Id;
        Set("m", null, "prefix_hash");
        var policy = Model("m").Policy;
        Register("http://b:1", "m");
        SendAccepted(new Remove(first));
        Assert.Same(policy, Model("m").Policy);
        SendAccepted(new Remove(Current.Workers.Keys.Single()));
        Assert.Null(Current.FindModel("m"u8));
        Register("http://c:1", "m");
        Assert.Equal(("prefix_hash", PolicySource.Runtime), Choice("m", WorkerRole.Regular));
    }

    [Fact]
    public void A_request_that_holds_the_old_snapshot_still_gets_a_worker_from_the_old_policy()
    {
        foreach (var name in PolicyCatalog.Names)
        {
            var worker = Current.Workers.IsEmpty ? Register("http://a:1", "m").Id : Current.Workers.Keys.Single();
            Set("m", null, name);
            var held = Model("m");
            Set("m", null, name == "random" ? "manual" : "random");
            Assert.Equal(worker, Ask.Pick(held.Policy, held.Ready, "prompt", "key")!.Id);
        }
    }

    [Fact]
    public void An_alias_leads_to_its_model_and_what_nobody_knows_is_refused()
    {
        Register(Make.Spec("http://a:1") with { Models = [new ModelCard("m", ["short"])] });
        Assert.Equal("m", Set("short", null, "manual").Model);
        Assert.Equal(("manual", PolicySource.Runtime), Choice("m", WorkerRole.Regular));
        Assert.Equal(Refusal.UnknownModel, SendRefused(new SetPolicy("nothing", null, "manual")).Refusal);
        Assert.Equal(Refusal.UnknownPolicy, SendRefused(new SetPolicy("m", null, "fancy")).Refusal);
    }

    private static WorkerSpec Labelled(string url, string policy, string model = "m") =>
        Make.Spec(url, model) with { Labels = new Labels([KeyValuePair.Create("policy", policy)]) };

    private PolicySet Set(string? model, WorkerRole? role, string? policy) =>
        Assert.IsType<PolicySet>(Send(new SetPolicy(model, role, policy)));

    private ModelSnapshot Model(string id) => Current.Models[id];

    private (string Name, PolicySource Source) Choice(string model, WorkerRole role)
    {
        var choice = Model(model).Policies.For(role).Choice;
        return (choice.Name, choice.Source);
    }
}
