namespace Gateway.Host.Admission;

/// <summary>Who has a key.</summary>
/// <param name="Name">As it stands in the audit log.</param>
/// <param name="Role">What may be done with it.</param>
/// <param name="Tenant">Whose requests carry it.</param>
internal sealed record KeyHolder(string Name, KeyRole Role, Tenant Tenant)
{
    /// <summary>True if it opens the endpoints of applications.</summary>
    public bool MayGenerate => Role is KeyRole.User or KeyRole.Admin;
}
