using System.Globalization;
using System.Text;

namespace Gateway.Host.Commands.Bench;

/// <summary>
/// What is asked: texts of the user's, in turn, or made-up ones. No made-up prompt comes twice, so that no engine has it in its cache; only
/// as much of its beginning as is asked for is the same in all, as a system prompt is.
/// </summary>
internal sealed class BenchPrompts
{
    private static readonly string[] Words =
    [
        "the", "gateway", "reads", "a", "snapshot", "of", "its", "workers", "and", "sends", "each", "request", "to", "one", "that",
        "has", "most", "of", "the", "prompt", "in", "cache", "while", "others", "wait", "for", "less", "load",
    ];

    private readonly IReadOnlyList<string> _given;
    private readonly string _shared;
    private readonly int _size;
    private readonly int _run = Random.Shared.Next();

    /// <param name="given">Taken in turn; none for made-up ones.</param>
    /// <param name="size">Characters of a made-up prompt, about.</param>
    /// <param name="shared">Characters at its beginning that are the same in all, about.</param>
    public BenchPrompts(IReadOnlyList<string> given, int size, int shared)
    {
        _given = given;
        _size = size;
        _shared = shared > 0 ? Text(shared, new Random(0)) + "\n" : "";
    }

    /// <param name="number">Of the request.</param>
    public string Of(int number) => _given.Count > 0
        ? _given[number % _given.Count]
        : string.Create(CultureInfo.InvariantCulture, $"{_shared}{_run}-{number} {Text(_size - _shared.Length, new Random(number))}");

    private static string Text(int size, Random random)
    {
        var text = new StringBuilder();
        while (text.Length < size)
            text.Append(Words[random.Next(Words.Length)]).Append(' ');
        return text.ToString();
    }
}
