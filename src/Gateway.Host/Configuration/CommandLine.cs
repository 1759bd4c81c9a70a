using System.CommandLine;
using System.CommandLine.Parsing;
using Gateway.Host.Commands;

namespace Gateway.Host.Configuration;

/// <summary>What the command line asks for.</summary>
internal abstract record CommandLineRequest
{
    public sealed record ShowHelp : CommandLineRequest;

    public sealed record ShowVersion : CommandLineRequest;

    public sealed record MakeKey : CommandLineRequest;

    /// <param name="Settings">The flags that were given.</param>
    /// <param name="ConfigFile">Value of <c>--config</c>.</param>
    public sealed record Launch(IReadOnlyList<Setting> Settings, string? ConfigFile) : CommandLineRequest;
}

/// <summary>
/// The command line, made from the <see cref="OptionCatalog"/>. The subcommand <c>launch</c>, or <c>start</c>,
/// says the same as none; <c>keys new</c> makes a key. What <see cref="OperatorCommands"/> has does not come here.
/// </summary>
internal static class CommandLine
{
    public const string ConfigFlag = "--config";

    /// <summary>Reads the command line.</summary>
    /// <exception cref="ConfigurationException">It cannot be understood.</exception>
    public static CommandLineRequest Parse(IReadOnlyList<string> args)
    {
        var help = new Option<bool>("--help", "-h") { Recursive = true };
        var version = new Option<bool>("--version", "-V") { Recursive = true };
        var config = new Option<string>(ConfigFlag, "-c") { Recursive = true };
        var options = OptionCatalog.All.Select(definition => (definition, option: MakeOption(definition))).ToArray();

        var launch = new Command("launch");
        launch.Aliases.Add("start");
        var newKey = new Command("new");
        var root = new RootCommand { launch, new Command("keys") { newKey } };
        // Without an action a command with subcommands asks for one of them. What is to be done is decided by the caller.
        root.SetAction(static _ => ExitCode.Success);
        launch.SetAction(static _ => ExitCode.Success);
        newKey.SetAction(static _ => ExitCode.Success);
        // The built-in help does not know of groups, environment names and defaults.
        root.Options.Clear();
        foreach (var option in options.Select(static pair => pair.option).Append(help).Append(version).Append(config))
            root.Options.Add(option);

        var parsed = root.Parse(args, new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
        if (parsed.GetValue(help))
            return new CommandLineRequest.ShowHelp();
        if (parsed.GetValue(version))
            return new CommandLineRequest.ShowVersion();
        RefuseUnknown(parsed);
        if (parsed.CommandResult.Command == newKey)
            return new CommandLineRequest.MakeKey();
        return new CommandLineRequest.Launch(
            [.. options.Select(pair => ReadSetting(parsed, pair.definition, pair.option)).OfType<Setting>()],
            parsed.GetValue(config));
    }

    private static Option MakeOption(OptionDefinition definition) => definition switch
    {
        { IsSwitch: true } => new Option<bool>(definition.Flag) { Recursive = true },
        { IsList: true } => new Option<string[]>(definition.Flag)
        {
            Recursive = true,
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = true,
        },
        _ => new Option<string>(definition.Flag) { Recursive = true },
    };

    private static Setting? ReadSetting(ParseResult parsed, OptionDefinition definition, Option option)
    {
        if (parsed.GetResult(option) is not { Implicit: false } result)
            return null;
        string[] words = [.. result.Tokens.Select(static token => token.Value)];
        return new Setting(definition, definition.IsSwitch && words.Length == 0 ? ["true"] : words, definition.Flag);
    }

    private static void RefuseUnknown(ParseResult parsed)
    {
        // An unknown flag behind a list or an option without its value is taken for that one's value.
        var strays = parsed.Tokens
            .Where(static token => token.Type == TokenType.Argument && token.Value.StartsWith("--", StringComparison.Ordinal))
            .Select(static token => token.Value)
            .Concat(parsed.UnmatchedTokens);
        foreach (var stray in strays)
        {
            throw new ConfigurationException(stray.StartsWith('-')
                ? $"{stray}: unknown option{DidYouMean.Hint(stray.Split('=')[0], Flags)}"
                : $"{stray}: unexpected argument{DidYouMean.Hint(stray, ["launch", "start", "keys", .. OperatorCommands.Names])}");
        }

        if (parsed.Errors is [var error, ..])
        {
            throw new ConfigurationException(error.SymbolResult is OptionResult { Option.Name: var flag } result
                ? $"{flag}: {(result.Tokens.Count == 0 ? "needs a value" : result.IdentifierTokenCount > 1 ? "given more than once" : "takes one value")}"
                : error.Message.ReplaceLineEndings(" "));
        }
    }

    private static IEnumerable<string> Flags =>
        OptionCatalog.All.Select(static option => option.Flag).Concat([ConfigFlag, "--help", "--version"]);
}
