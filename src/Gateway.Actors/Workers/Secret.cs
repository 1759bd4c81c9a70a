using System.Security.Cryptography;
using System.Text;

namespace Gateway.Actors.Workers;

/// <summary>A key that must not be seen: it is equal to another in constant time, and prints as asterisks.</summary>
public sealed class Secret : IEquatable<Secret>
{
    private readonly byte[] _utf8;
    private readonly string _value;

    public Secret(string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(value);
        _value = value;
        _utf8 = Encoding.UTF8.GetBytes(value);
    }

    public static Secret? FromNullable(string? value) => string.IsNullOrEmpty(value) ? null : new Secret(value);

    /// <summary>The key itself, for the one place that sends it to the engine.</summary>
    public string Reveal() => _value;

    /// <summary>Compares in a time that depends on the lengths only.</summary>
    public bool Matches(ReadOnlySpan<byte> candidateUtf8) => CryptographicOperations.FixedTimeEquals(_utf8, candidateUtf8);

    public bool Equals(Secret? other) => other is not null && Matches(other._utf8);

    public override bool Equals(object? obj) => Equals(obj as Secret);

    public override int GetHashCode() => _utf8.Length;

    public override string ToString() => "***";
}
