namespace Gateway.Host.Configuration;

/// <summary>How the process ends. The first three are the server's and the operators' commands' alike.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>The server: the address is not to be had.</summary>
    public const int CannotListen = 1;

    /// <summary>A command: the gateway answered, and its answer is no.</summary>
    public const int Refused = 1;

    public const int BadConfiguration = 2;

    /// <summary>A command: what was typed makes no sense.</summary>
    public const int WrongUsage = BadConfiguration;

    /// <summary>A command: nobody answers at the address.</summary>
    public const int NotReachable = 3;

    /// <summary>A command was interrupted before it was done: 128 and SIGINT's number, as shells say it.</summary>
    public const int Interrupted = 130;
}
