namespace Gateway.Host.Configuration;

/// <summary>How the process ends.</summary>
internal static class ExitCode
{
    public const int Success = 0;
    public const int CannotListen = 1;
    public const int BadConfiguration = 2;
}
