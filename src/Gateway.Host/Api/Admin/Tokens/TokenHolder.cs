using Gateway.Host.Admission;

namespace Gateway.Host.Api.Admin.Tokens;

/// <summary>Who has a token.</summary>
/// <param name="Subject">The issuer's name for it, in characters that do no harm in a log.</param>
/// <param name="Role">The highest of its roles; <see cref="KeyRole.User"/> if it has none that means something here.</param>
internal sealed record TokenHolder(string Subject, KeyRole Role);
