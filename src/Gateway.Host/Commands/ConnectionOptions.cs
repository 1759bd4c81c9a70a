using System.Collections;
using System.CommandLine;
using Gateway.Actors.Workers;
using Gateway.Host.Configuration;

namespace Gateway.Host.Commands;

/// <summary>The options that all commands have: which gateway, with which key, and for whom the answer is.</summary>
internal sealed class ConnectionOptions(IDictionary environment)
{
    /// <summary>Not one of the server's options; the server ignores it.</summary>
    public const string UrlVariable = EnvironmentVariables.Prefix + "URL";

    /// <summary>The server's own variable, so that one environment serves both.</summary>
    public const string KeyVariable = EnvironmentVariables.Prefix + "CONTROL_PLANE_API_KEY";

    /// <summary>Likewise.</summary>
    private const string ClientKeyVariable = EnvironmentVariables.Prefix + "API_KEY";

    private const string DefaultUrl = "http://127.0.0.1:30000";

    private readonly Option<string> _url = new("--url")
    {
        Description = $"The gateway's address. [{UrlVariable}; default {DefaultUrl}]",
        HelpName = "URL",
        Recursive = true,
    };

    private readonly Option<string> _key = new("--key")
    {
        Description = $"The control plane's key. Others on this machine can see it: prefer --key-file. [{KeyVariable}]",
        HelpName = "KEY",
        Recursive = true,
    };

    private readonly Option<string> _keyFile = new("--key-file")
    {
        Description = "File that holds the control plane's key.",
        HelpName = "PATH",
        Recursive = true,
    };

    private readonly Option<bool> _json = new("--json")
    {
        Description = "Answers with JSON, for programs.",
        Recursive = true,
    };

    public void AddTo(Command root)
    {
        root.Options.Add(_url);
        root.Options.Add(_key);
        root.Options.Add(_keyFile);
        root.Options.Add(_json);
    }

    public bool IsJson(ParseResult parsed) => parsed.GetValue(_json);

    /// <summary>What a server started from here would read.</summary>
    public IReadOnlyDictionary<string, string> ServerVariables => EnvironmentVariables.Ours(environment);

    /// <summary>A variable that is empty is as good as none.</summary>
    public string? Variable(string name) => environment[name] is string { Length: > 0 } value ? value : null;

    public ControlPlaneClient Connect(ParseResult parsed)
    {
        var text = parsed.GetValue(_url) ?? Variable(UrlVariable) ?? DefaultUrl;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw new CommandFailure(ExitCode.WrongUsage, $"--url: '{text}' is no address such as {DefaultUrl}");
        return new ControlPlaneClient(address, Key(parsed));
    }

    private Secret? Key(ParseResult parsed)
    {
        if (parsed.GetValue(_keyFile) is not { } path)
            return Secret.FromNullable(parsed.GetValue(_key) ?? Variable(KeyVariable));
        if (parsed.GetValue(_key) is not null)
            throw new CommandFailure(ExitCode.WrongUsage, "--key-file: cannot be given together with --key");
        return ReadKeyFile("--key-file", path);
    }

    /// <summary>For commands that send what clients send.</summary>
    public static Option<string> ClientKeyOption() => new("--api-key-file")
    {
        Description = $"File that holds a client's key. [{ClientKeyVariable} holds the key]",
        HelpName = "PATH",
    };

    /// <param name="parsed">The command line.</param>
    /// <param name="file">See <see cref="ClientKeyOption"/>.</param>
    public Secret? ClientKey(ParseResult parsed, Option<string> file) => parsed.GetValue(file) is { } path
        ? ReadKeyFile(file.Name, path)
        : Secret.FromNullable(Variable(ClientKeyVariable));

    public static Secret ReadKeyFile(string flag, string path)
    {
        try
        {
            return Secret.FromNullable(File.ReadAllText(path).Trim())
                ?? throw new CommandFailure(ExitCode.WrongUsage, $"{flag}: {path} is empty");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCode.WrongUsage, $"{flag}: {failure.Message}");
        }
    }
}
