namespace Gateway.Host.Configuration;

/// <summary>How an option's value is written, on the command line as well as in the environment and in a file.</summary>
/// <param name="Hint">Stands for the value in the help text.</param>
/// <param name="Parse">Reads and checks one word; throws <see cref="FormatException"/> with a reason for the operator.</param>
/// <param name="Show">Writes a value so that <paramref name="Parse"/> reads it; empty for a value that is not set.</param>
internal sealed record ValueFormat<T>(string Hint, Func<string, T> Parse, Func<T, string> Show);
