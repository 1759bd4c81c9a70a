using System.Text;
using System.Text.Json;
using CsCheck;
using Gateway.Host.Api;
using Gateway.Host.Serving;
using Gateway.Host.Tests.Support;

namespace Gateway.Host.Tests.Serving;

public class RequestPeekTests
{
    [Fact]
    public void It_agrees_with_a_document_on_any_object() => JsonGen.Object.Sample(
        json =>
        {
            var expected = ReadDocument(json);
            var actual = Peek(Encoding.UTF8.GetBytes(json));
            return expected == actual;
        },
        iter: 20_000);

    [Fact]
    public void A_truncated_object_is_invalid_json_wherever_it_was_cut() => JsonGen.Object.Sample(
        json =>
        {
            var body = Encoding.UTF8.GetBytes(json);
            for (var length = 0; length < body.Length; length++)
            {
                var error = RequestPeek.Read(body.AsSpan(0, length), out _);
                if (error?.Status != 400)
                    return false;
            }

            return true;
        },
        iter: 500);

    [Fact]
    public void It_tells_where_a_member_can_be_added_to_any_object() => JsonGen.Object.Sample(
        json =>
        {
            var body = Encoding.UTF8.GetBytes(json + " ");
            if (RequestPeek.Read(body, out var peek) is not null)
                return true;
            var text = Encoding.UTF8.GetString(body[..peek.ObjectEnd]) + (peek.IsEmpty ? "" : ",") + "\"added\":[1]" + Encoding.UTF8.GetString(body[peek.ObjectEnd..]);
            using var before = JsonDocument.Parse(json);
            using var after = JsonDocument.Parse(text);
            var members = after.RootElement.EnumerateObject().ToArray();
            return members[^1].Name == "added" && members.Length == before.RootElement.EnumerateObject().Count() + 1;
        },
        iter: 5_000);

    [Fact]
    public void No_bytes_make_it_throw() =>
        Gen.OneOf(Gen.Byte.Array[0, 40], Gen.OneOf([.. "{}[]\"\\:, model\"stream\"tru1\n"u8]).Array[0, 40])
            .Sample(body => Peek(body), iter: 50_000);

    [Theory]
    [InlineData("""{"model":"a","model":"b"}""", "b")]
    [InlineData("""{"model":5,"model":"b"}""", "b")]
    [InlineData("""{"model":"a","model":null}""", null)]
    [InlineData("""{"x":{"model":"inner"},"model":"a\/b"}""", "a/b")]
    [InlineData("""{"messages":["\"model\":\"no\""],"model":"yes"}""", "yes")]
    public void The_last_top_level_model_counts(string json, string? model) =>
        Assert.Equal((null, model, false), Peek(Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData("", "invalid_json")]
    [InlineData("[]", "invalid_json")]
    [InlineData("\"model\"", "invalid_json")]
    [InlineData("{} {}", "invalid_json")]
    [InlineData("{\"a\":1,}", "invalid_json")]
    [InlineData("{\"a\"}", "invalid_json")]
    [InlineData("{\"a\":}", "invalid_json")]
    [InlineData("{'model':1}", "invalid_json")]
    [InlineData("{\"model\":1}", "invalid_type")]
    [InlineData("{\"model\":[\"a\"]}", "invalid_type")]
    [InlineData("{\"model\":\"a\",\"stream\":\"yes\"}", "invalid_type")]
    [InlineData("{\"model\":\"a\",\"stream\":1}", "invalid_type")]
    public void What_cannot_be_a_request_is_refused(string json, string code) =>
        Assert.Equal((code, null, false), Peek(Encoding.UTF8.GetBytes(json)) with { Model = null, Stream = false });

    private static (string? Error, string? Model, bool Stream) Peek(byte[] body)
    {
        var error = RequestPeek.Read(body, out var peek);
        if (error is not null)
            return (error.Code, null, false);
        if (!peek.HasModel)
            return (null, null, peek.Stream);
        var name = new byte[peek.ModelLength];
        return peek.TryUnescapeModel(body, name, out var length)
            ? (null, Encoding.UTF8.GetString(name, 0, length), peek.Stream)
            : (GatewayError.InvalidJson.Code, null, false);
    }

    private static (string? Error, string? Model, bool Stream) ReadDocument(string json)
    {
        using var document = JsonDocument.Parse(json);
        JsonElement model = default, stream = default;
        foreach (var property in document.RootElement.EnumerateObject())
        {
            if (property.NameEquals("model"))
                model = property.Value;
            else if (property.NameEquals("stream"))
                stream = property.Value;
        }

        if (model.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.String)
            || stream.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.True or JsonValueKind.False))
            return (GatewayError.ModelIsNoString.Code, null, false);
        return (null, model.ValueKind == JsonValueKind.String ? model.GetString() : null, stream.ValueKind == JsonValueKind.True);
    }
}
