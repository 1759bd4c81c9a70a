using Gateway.Host.Admission;

namespace Gateway.Host.Api.Admin;

/// <summary>What the guard says of a request.</summary>
/// <param name="By">By what right it came, for the audit log: names of keys and tokens, never themselves.</param>
/// <param name="Refusal">Null if it may pass.</param>
/// <param name="Role">What the caller may do; of one who is let in without a key, everything.</param>
internal readonly record struct Verdict(string By, ControlPlaneException? Refusal, KeyRole Role = KeyRole.Admin);
