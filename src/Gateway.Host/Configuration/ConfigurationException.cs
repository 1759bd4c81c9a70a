namespace Gateway.Host.Configuration;

/// <summary>The gateway cannot start as configured. The message is one line that names the key and where it was set.</summary>
public sealed class ConfigurationException(string message) : Exception(message);
