using System.Text;

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

    public static async Task WriteAsync(string folder, bool pairs = false)
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "tokenizer.json"), ByteTokenizer.Json(0, pairs, SpecialTokens));
        await File.WriteAllTextAsync(Path.Combine(folder, "chat_template.jinja"), ChatTemplate);
    }

    /// <summary>One token for each byte.</summary>
    public static uint[] Tokens(string text) => ByteTokenizer.Tokens(text);

    /// <summary>What tokens say, special ones included.</summary>
    public static string Text(IEnumerable<uint> tokens) => Encoding.UTF8.GetString(
        [.. tokens.SelectMany(static token => token < 256 ? [(byte)token] : Encoding.UTF8.GetBytes(SpecialTokens[token - 256]))]);
}
