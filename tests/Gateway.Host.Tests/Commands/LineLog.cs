using System.Collections.Concurrent;
using System.Text;

namespace Gateway.Host.Tests.Commands;

/// <summary>Keeps whole lines, and can be read while they are written.</summary>
internal sealed class LineLog : TextWriter
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyCollection<string> Lines => _lines;

    public override Encoding Encoding => Encoding.UTF8;

    public override void WriteLine(string? value) => _lines.Enqueue(value ?? "");
}
