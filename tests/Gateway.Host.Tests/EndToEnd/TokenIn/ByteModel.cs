using System.Text;
using System.Text.Json;

namespace Gateway.Host.Tests.EndToEnd.TokenIn;

/// <summary>
/// The files of a model whose tokens are bytes, and its ids their values. <c>&lt;|im_start|&gt;</c>, <c>&lt;|im_end|&gt;</c>,
/// <c>&lt;think&gt;</c> and <c>&lt;/think&gt;</c> are special tokens, from 256 on.
/// </summary>
internal static class ByteModel
{
    public const uint ImStart = 256;
    public const uint ImEnd = 257;
    public const uint Think = 258;
    public const uint EndThink = 259;

    private static readonly string[] SpecialTokens = ["<|im_start|>", "<|im_end|>", "<think>", "</think>"];

    private const string ChatTemplate =
        """
        {%- if tools %}<|im_start|>tools
        {% for tool in tools %}{{ tool | tojson }}{% endfor %}<|im_end|>
        {% endif %}
        {%- for message in messages %}
        {%- if message.role == 'assistant' and message.content == 'refuse' %}{{ raise_exception('This conversation cannot go on.') }}{% endif %}
        {{- '<|im_start|>' + message.role + '\n' + (message.content or '') }}
        {%- for call in message.tool_calls or [] %}<tool_call>{{ call.function.name }}({{ call.function.arguments | tojson }})</tool_call>{% endfor %}
        {{- '<|im_end|>\n' }}
        {%- endfor %}
        {%- if add_generation_prompt %}
        {{- '<|im_start|>assistant\n' }}
        {%- if enable_thinking is defined and enable_thinking is false %}{{- '<think>\n\n</think>\n\n' }}{% endif %}
        {%- if reasoning_effort is defined %}{{- '(' + reasoning_effort + ')' }}{% endif %}
        {%- endif %}
        """;

    public static async Task WriteAsync(string folder)
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "tokenizer.json"), Tokenizer());
        await File.WriteAllTextAsync(Path.Combine(folder, "chat_template.jinja"), ChatTemplate);
    }

    /// <summary>One token for each byte.</summary>
    public static uint[] Tokens(string text) => [.. Encoding.UTF8.GetBytes(text).Select(static value => (uint)value)];

    /// <summary>What tokens say, special ones included.</summary>
    public static string Text(IEnumerable<uint> tokens) => Encoding.UTF8.GetString(
        [.. tokens.SelectMany(static token => token < 256 ? [(byte)token] : Encoding.UTF8.GetBytes(SpecialTokens[token - 256]))]);

    /// <summary>The byte-level alphabet of GPT-2 without any merge: what prints stands for itself, the rest from U+0100 on.</summary>
    private static string Tokenizer()
    {
        var vocabulary = new Dictionary<string, int>();
        var next = 0x100;
        for (var value = 0; value < 256; value++)
        {
            var prints = value is (>= '!' and <= '~') or (>= 0xa1 and <= 0xac) or (>= 0xae and <= 0xff);
            vocabulary[((char)(prints ? value : next++)).ToString()] = value;
        }

        return JsonSerializer.Serialize(new
        {
            added_tokens = SpecialTokens.Select(static (token, index) => new
            {
                id = 256 + index,
                content = token,
                single_word = false,
                lstrip = false,
                rstrip = false,
                normalized = false,
                special = true,
            }),
            pre_tokenizer = new { type = "ByteLevel", add_prefix_space = false, trim_offsets = true, use_regex = true },
            decoder = new { type = "ByteLevel" },
            model = new { type = "BPE", vocab = vocabulary, merges = Array.Empty<string>() },
        });
    }
}
