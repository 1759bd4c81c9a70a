using System.Globalization;
using Google.Protobuf;

namespace Gateway.Host.Tests.Observability;

/// <summary>A span as a collector gets it. All values are text; ids are hexadecimal.</summary>
internal sealed record SeenSpan
{
    public string TraceId { get; private set; } = "";

    public string Id { get; private set; } = "";

    /// <summary>Empty for a root.</summary>
    public string ParentId { get; private set; } = "";

    public string TraceState { get; private set; } = "";

    public string Name { get; private set; } = "";

    /// <summary>2 is a server's, 3 a client's.</summary>
    public int Kind { get; private set; }

    public ulong Start { get; private set; }

    public ulong End { get; private set; }

    /// <summary>2 is an error.</summary>
    public int Status { get; private set; }

    public string StatusMessage { get; private set; } = "";

    public Dictionary<string, string> Attributes { get; } = [];

    public List<string> Events { get; } = [];

    public string? this[string attribute] => Attributes.GetValueOrDefault(attribute);

    /// <summary>As it stands in <c>traceparent</c>.</summary>
    public string TraceParent => $"00-{TraceId}-{Id}-01";

    /// <param name="message">opentelemetry.proto.trace.v1.Span.</param>
    public static SeenSpan Read(byte[] message)
    {
        var span = new SeenSpan();
        var input = new CodedInputStream(message);
        while (input.ReadTag() is var tag and not 0)
            span.Read(input, WireFormat.GetTagFieldNumber(tag));
        return span;
    }

    private void Read(CodedInputStream input, int field)
    {
        switch (field)
        {
            case 1: TraceId = Hex(input); break;
            case 2: Id = Hex(input); break;
            case 3: TraceState = input.ReadString(); break;
            case 4: ParentId = Hex(input); break;
            case 5: Name = input.ReadString(); break;
            case 6: Kind = input.ReadEnum(); break;
            case 7: Start = input.ReadFixed64(); break;
            case 8: End = input.ReadFixed64(); break;
            case 9: ReadAttribute(input.ReadBytes().CreateCodedInput()); break;
            case 11: ReadEvent(input.ReadBytes().CreateCodedInput()); break;
            case 15: ReadStatus(input.ReadBytes().CreateCodedInput()); break;
            default: input.SkipLastField(); break;
        }
    }

    private void ReadAttribute(CodedInputStream input)
    {
        var (key, value) = ("", "");
        while (input.ReadTag() is var tag and not 0)
        {
            switch (WireFormat.GetTagFieldNumber(tag))
            {
                case 1: key = input.ReadString(); break;
                case 2: value = ReadValue(input.ReadBytes().CreateCodedInput()); break;
                default: input.SkipLastField(); break;
            }
        }

        Attributes[key] = value;
    }

    private static string ReadValue(CodedInputStream input)
    {
        var value = "";
        while (input.ReadTag() is var tag and not 0)
        {
            switch (WireFormat.GetTagFieldNumber(tag))
            {
                case 1: value = input.ReadString(); break;
                case 2: value = input.ReadBool() ? "true" : "false"; break;
                case 3: value = input.ReadInt64().ToString(CultureInfo.InvariantCulture); break;
                case 4: value = input.ReadDouble().ToString(CultureInfo.InvariantCulture); break;
                default: input.SkipLastField(); break;
            }
        }

        return value;
    }

    private void ReadEvent(CodedInputStream input)
    {
        while (input.ReadTag() is var tag and not 0)
        {
            if (WireFormat.GetTagFieldNumber(tag) == 2)
                Events.Add(input.ReadString());
            else
                input.SkipLastField();
        }
    }

    private void ReadStatus(CodedInputStream input)
    {
        while (input.ReadTag() is var tag and not 0)
        {
            switch (WireFormat.GetTagFieldNumber(tag))
            {
                case 2: StatusMessage = input.ReadString(); break;
                case 3: Status = input.ReadEnum(); break;
                default: input.SkipLastField(); break;
            }
        }
    }

    private static string Hex(CodedInputStream input) => Convert.ToHexStringLower(input.ReadBytes().Span);
}
