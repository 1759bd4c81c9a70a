using Gateway.Actors.Workers;

namespace Gateway.Host.Configuration;

/// <summary>Headings of the help text, in its order.</summary>
internal enum OptionGroup
{
    Workers,
    Routing,
    Text,
    Listening,
    Encryption,
    Keys,
    Limits,
    Timeouts,
    Retries,
    CircuitBreaker,
    HealthChecks,
    Cluster,
    Metrics,
    Traces,
    Logging,
    Advanced,
}

/// <summary>
/// One option: its name in all three places where it can be set, what it looks like, and where it goes.
/// Its default is what <see cref="Show"/> reads from an untouched <see cref="GatewayOptions"/>.
/// </summary>
internal sealed record OptionDefinition
{
    /// <summary>The flag without its dashes, such as <c>worker-urls</c>; also the key in the file.</summary>
    public required string Name { get; init; }

    public required OptionGroup Group { get; init; }

    public required string Help { get; init; }

    /// <summary>Stands for the value in the help text; empty for a switch.</summary>
    public required string Hint { get; init; }

    /// <summary>Takes no value on the command line.</summary>
    public bool IsSwitch { get; init; }

    /// <summary>Takes several values; a source that sets it replaces the list of a weaker source.</summary>
    public bool IsList { get; init; }

    /// <summary>A list whose words are key=value, so that a file may also write it as a mapping.</summary>
    public bool IsMap { get; init; }

    /// <summary>An option that says the same thing in another way, so that one source must not have both.</summary>
    public string? Excludes { get; init; }

    /// <summary>The value in the options, as an operator would write it; empty when it is not set.</summary>
    public required Func<GatewayOptions, string> Show { get; init; }

    /// <summary>The options with these words as the value; throws <see cref="FormatException"/> with a reason.</summary>
    public required Func<GatewayOptions, IReadOnlyList<string>, GatewayOptions> Apply { get; init; }

    public string Flag => "--" + Name;

    /// <summary>Such as <c>GATEWAY_WORKER_URLS</c>.</summary>
    public string EnvironmentName => EnvironmentVariables.Prefix + Name.Replace('-', '_').ToUpperInvariant();

    public static OptionDefinition Single<T>(
        OptionGroup group,
        string name,
        ValueFormat<T> format,
        Func<GatewayOptions, T> get,
        Func<GatewayOptions, T, GatewayOptions> set,
        string help) => new()
        {
            Name = name,
            Group = group,
            Help = help,
            Hint = format.Hint,
            IsSwitch = typeof(T) == typeof(bool),
            Show = options => format.Show(get(options)),
            Apply = (options, words) => words.Count == 1
                ? set(options, format.Parse(words[0]))
                : throw new FormatException(words.Count == 0 ? "needs a value" : "takes one value"),
        };

    public static OptionDefinition List<T>(
        OptionGroup group,
        string name,
        ValueFormat<T> format,
        Func<GatewayOptions, EquatableArray<T>> get,
        Func<GatewayOptions, EquatableArray<T>, GatewayOptions> set,
        string help) => new()
        {
            Name = name,
            Group = group,
            Help = help,
            Hint = $"{format.Hint}...",
            IsList = true,
            Show = options => string.Join(' ', get(options).Select(format.Show)),
            Apply = (options, words) => set(options, [.. words.Select(format.Parse)]),
        };
}
