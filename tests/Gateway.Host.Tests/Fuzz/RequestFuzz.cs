using System.Globalization;
using System.Text;

namespace Gateway.Host.Tests.Fuzz;

/// <summary>Makes bodies of requests out of a seed: mostly right ones with something wrong in them, and some that are noise.</summary>
internal sealed class RequestFuzz(int seed)
{
    private static readonly string[] Fields =
    [
        "model", "messages", "prompt", "stream", "max_tokens", "max_completion_tokens", "temperature", "top_p", "top_k", "n", "stop", "logprobs",
        "top_logprobs", "tools", "tool_choice", "response_format", "input_ids", "text", "sampling_params", "stream_options", "seed", "echo",
        "logit_bias", "min_tokens", "regex", "ebnf", "json_schema", "chat_template_kwargs", "continue_final_message", "return_logprob", "rid",
        "role", "content", "type", "function", "name", "arguments", "include_usage", "stop_token_ids", "best_of", "suffix", "mod\\u0065l",
    ];

    private static readonly string[] Scalars =
    [
        "null", "true", "false", "0", "1", "-1", "2", "1e3", "-0.0", "1e400", "18446744073709551616", "0.5", "\"\"", "\"a\"", "\"sim-8b\"",
        "\"user\"", "\"assistant\"", "\"auto\"", "\"json_object\"", "\"\\ud800\"", "\"\\u0000\"", "\"<|im_end|>\"", "\"{{\"", "\"\U0001F600\"", "nul", "01", "+1", "'x'",
    ];

    private readonly Random _random = new(seed);

    public byte[] Next()
    {
        var text = new StringBuilder("""{"model":"sim-8b","max_tokens":2,"messages":[{"role":"user","content":"hi"}],"prompt":"hi","text":"hi","sampling_params":{"max_new_tokens":2}""");
        for (var i = _random.Next(5); i > 0; i--)
        {
            text.Append(CultureInfo.InvariantCulture, $",\"{Pick(Fields)}\":");
            AppendValue(text, _random.Next(5));
        }

        if (_random.Next(200) == 0)
            text.Append(",\"x\":").Append('[', _random.Next(5_000));
        var bytes = Encoding.UTF8.GetBytes(text.Append('}').ToString());
        for (var i = _random.Next(4) == 0 ? _random.Next(1, 4) : 0; i > 0; i--)
            bytes = Damage(bytes);
        return bytes;
    }

    private void AppendValue(StringBuilder text, int depth)
    {
        var kind = depth == 0 ? 0 : _random.Next(4);
        if (kind <= 1)
        {
            text.Append(Pick(Scalars));
            return;
        }

        text.Append(kind == 2 ? '[' : '{');
        for (var i = 0; i < _random.Next(4); i++)
        {
            if (i > 0)
                text.Append(',');
            if (kind == 3)
                text.Append(CultureInfo.InvariantCulture, $"\"{Pick(Fields)}\":");
            AppendValue(text, depth - 1);
        }

        text.Append(kind == 2 ? ']' : '}');
    }

    private byte[] Damage(byte[] bytes)
    {
        if (bytes.Length == 0)
            return bytes;
        var at = _random.Next(bytes.Length);
        switch (_random.Next(3))
        {
            case 0:
                bytes[at] = (byte)_random.Next(256);
                return bytes;
            case 1:
                return bytes[..at];
            default:
                return [.. bytes[..at], (byte)_random.Next(256), .. bytes[at..]];
        }
    }

    private string Pick(string[] from) => from[_random.Next(from.Length)];
}
