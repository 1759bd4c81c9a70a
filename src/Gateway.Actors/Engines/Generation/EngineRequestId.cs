namespace Gateway.Actors.Engines.Generation;

/// <summary>
/// The ids under which engines know requests. Unique, all of the same length and form, so that none is a prefix of another: SGLang
/// aborts every request whose id begins with the one it is given.
/// </summary>
public static class EngineRequestId
{
    /// <summary>32 hexadecimal digits behind the prefix.</summary>
    public static string New() => $"mg-{Guid.NewGuid():n}";
}
