using System.Buffers;
using Gateway.Host.Configuration;

namespace Gateway.Host.Observability;

/// <summary>The id under which a request is known to the client, to the engine and in the log.</summary>
internal sealed class RequestId(GatewayOptions options)
{
    public const string Header = "x-request-id";
    private const int RandomLength = 24;
    private const int LongestAccepted = 128;
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    // What cannot do harm in a header, a log line or a shell; ids of the usual tracers are within it.
    private static readonly SearchValues<char> Accepted = SearchValues.Create(Alphabet + "-_.:/@+=~");

    private readonly string[] _headers = options.RequestIdHeaders.IsEmpty ? [Header] : [.. options.RequestIdHeaders];

    /// <summary>The client's own id if it sent a sane one, else a new one.</summary>
    public string Of(HttpRequest request, string prefix)
    {
        foreach (var header in _headers)
        {
            if (request.Headers.TryGetValue(header, out var values) && values is [{ } value] && IsSane(value))
                return value;
        }

        return New(prefix);
    }

    public static string New(string prefix) => string.Create(prefix.Length + RandomLength, prefix, static (text, prefix) =>
    {
        prefix.CopyTo(text);
        Random.Shared.GetItems(Alphabet, text[prefix.Length..]);
    });

    private static bool IsSane(string value) =>
        value.Length is > 0 and <= LongestAccepted && !value.AsSpan().ContainsAnyExcept(Accepted);
}
