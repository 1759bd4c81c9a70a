namespace Gateway.Host.Commands;

/// <summary>A command ends without having done what it was asked for.</summary>
/// <param name="exitCode">See <see cref="Configuration.ExitCode"/>.</param>
/// <param name="message">One line, and what to do.</param>
/// <param name="code">The gateway's own word for it, or null.</param>
internal sealed class CommandFailure(int exitCode, string message, string? code = null) : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    public string? Code { get; } = code;
}
