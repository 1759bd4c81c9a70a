namespace Gateway.Host.Api.Texts;

/// <summary>What the gateway answers to a question about text.</summary>
/// <param name="Error">Null if it can.</param>
/// <param name="Json">In UTF-8; empty with an error.</param>
internal readonly record struct TextAnswer(GatewayError? Error, ReadOnlyMemory<byte> Json)
{
    public static implicit operator TextAnswer(GatewayError error) => new(error, default);

    public static implicit operator TextAnswer(ReadOnlyMemory<byte> json) => new(null, json);
}
