using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Gateway.Actors.Workers;

/// <summary>
/// Address of a worker, normalised: lower-case scheme and host, explicit port, no trailing slash, no credentials,
/// query or fragment. Without a scheme (<c>host:port</c>) the connection mode is found out by probing.
/// A data-parallel rank of an engine is named after an <c>@</c> at the end: <c>http://host:8000@3</c>.
/// </summary>
public sealed record WorkerUrl
{
    /// <summary>No engine has as many ranks; a larger number is a mistake, or half of a password.</summary>
    public const int LargestRank = 65_535;

    private const string WhatMayFollow = "must be followed by a data-parallel rank at the end, as in http://host:8000@3";

    private readonly string _scheme;

    /// <param name="scheme">With its slashes; empty for none.</param>
    /// <param name="engine">Host, port and path.</param>
    /// <param name="mode">What the scheme says.</param>
    /// <param name="http">The engine's address.</param>
    /// <param name="rank">Null for the engine as a whole.</param>
    private WorkerUrl(string scheme, string engine, ConnectionMode mode, Uri http, int? rank)
    {
        _scheme = scheme;
        Engine = engine;
        Rank = rank;
        Place = rank is null ? engine : string.Create(CultureInfo.InvariantCulture, $"{engine}@{rank}");
        Text = scheme + Place;
        Mode = mode;
        Address = http;
    }

    /// <summary>The normalised form, as shown to operators.</summary>
    public string Text { get; }

    /// <summary>Host, port and path, and the rank if it has one. Whatever the scheme, there can be one worker only in one place.</summary>
    public string Place { get; }

    /// <summary>The place of the engine as a whole.</summary>
    public string Engine { get; }

    /// <summary>Which of the engine's data-parallel ranks it is, from 0; null for the engine as a whole.</summary>
    public int? Rank { get; }

    public ConnectionMode Mode { get; }

    /// <summary>The engine's address as an http or https URI, whatever the connection mode. All its ranks have the same.</summary>
    public Uri Address { get; }

    public bool Equals(WorkerUrl? other) => other is not null && Text == other.Text;

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Text;

    /// <summary>One of this engine's ranks.</summary>
    public WorkerUrl OfRank(int rank)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rank);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rank, LargestRank);
        return new WorkerUrl(_scheme, Engine, Mode, Address, rank);
    }

    /// <summary>Parses a worker's address.</summary>
    /// <exception cref="FormatException">The address is not one; the message says why.</exception>
    public static WorkerUrl Parse(string text) =>
        TryParse(text, out var url, out var error) ? url : throw new FormatException(error);

    public static bool TryParse(string? text, [NotNullWhen(true)] out WorkerUrl? url, [NotNullWhen(false)] out string? error)
    {
        url = null;
        if (string.IsNullOrWhiteSpace(text))
        {
            error = "a worker URL must not be empty";
            return false;
        }

        var separator = text.IndexOf("://", StringComparison.Ordinal);
        var scheme = separator < 0 ? "" : text[..separator];
        ConnectionMode? mode = scheme switch
        {
            "" => ConnectionMode.Auto,
            "http" or "https" => ConnectionMode.Http,
            "grpc" or "grpcs" => ConnectionMode.Grpc,
            _ => null,
        };
        if (mode is null)
        {
            error = $"worker URL '{text}' must start with http://, https://, grpc:// or grpcs:// (lower case), or have no scheme";
            return false;
        }

        var rest = separator < 0 ? text : text[(separator + 3)..];
        if (!TryTakeRank(ref rest, out var rank, out error))
            return false;
        var transport = scheme is "https" or "grpcs" ? "https" : "http";
        if (!Uri.TryCreate($"{transport}://{rest}", UriKind.Absolute, out var address) || address.Host.Length == 0)
        {
            // With an @ in it, it may hold a password.
            error = text.Contains('@', StringComparison.Ordinal)
                ? $"a worker URL with an '@' {WhatMayFollow}"
                : $"worker URL '{text}' is not a valid address";
            return false;
        }

        if (address.UserInfo.Length > 0)
        {
            error = $"worker URL at host '{address.Host}' must not contain credentials; an '@' {WhatMayFollow}";
            return false;
        }

        if (address.Query.Length > 0 || address.Fragment.Length > 0)
        {
            error = $"worker URL at host '{address.Host}' must not contain a query or a fragment";
            return false;
        }

        var path = address.AbsolutePath.TrimEnd('/');
        var engine = $"{address.Host}:{address.Port}{path}";
        url = new WorkerUrl(scheme.Length == 0 ? "" : $"{scheme}://", engine, mode.Value, new Uri($"{transport}://{engine}/"), rank);
        error = null;
        return true;
    }



    /// <summary>Takes the rank off the end, if digits after an @ stand there; whatever else has an @ is looked at as a whole.</summary>
    private static bool TryTakeRank(ref string rest, out int? rank, [NotNullWhen(false)] out string? error)
    {
        rank = null;
        error = null;
        var trimmed = rest.AsSpan().TrimEnd('/');
        var at = trimmed.LastIndexOf('@');
        var digits = trimmed[(at + 1)..];
        if (at < 0 || digits.IsEmpty || digits.ContainsAnyExceptInRange('0', '9'))
            return true;
        if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > LargestRank)
        {
            error = $"the rank at the end of a worker URL must be a whole number from 0 to {LargestRank}";
            return false;
        }

        rank = number;
        rest = rest[..at];
        return true;
    }
}
