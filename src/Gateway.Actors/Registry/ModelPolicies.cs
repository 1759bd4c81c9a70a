using Gateway.Actors.Routing;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Registry;

/// <summary>The policies of one model, by the role of the workers they choose among.</summary>
/// <param name="Regular">Also stands in for a role that no worker of the model has.</param>
/// <param name="Prefill">Null if no worker of the model has this role.</param>
/// <param name="Decode">Null if no worker of the model has this role.</param>
public sealed record ModelPolicies(PolicyInUse Regular, PolicyInUse? Prefill, PolicyInUse? Decode)
{
    public static IReadOnlyList<WorkerRole> Roles { get; } = [WorkerRole.Regular, WorkerRole.Prefill, WorkerRole.Decode];

    public PolicyInUse For(WorkerRole role) => OwnFor(role) ?? Regular;

    /// <returns>Null if no worker of the model has this role; never null for regular.</returns>
    public PolicyInUse? OwnFor(WorkerRole role) => role switch
    {
        WorkerRole.Prefill => Prefill,
        WorkerRole.Decode => Decode,
        _ => Regular,
    };

    /// <summary>One policy that nobody chose by name.</summary>
    internal static ModelPolicies Of(IRoutingPolicy policy) =>
        new(new PolicyInUse(new PolicyChoice("", PolicySource.Default), policy), null, null);
}

/// <summary>A policy at work, and how it came to be chosen.</summary>
public sealed record PolicyInUse(PolicyChoice Choice, IRoutingPolicy Policy);
