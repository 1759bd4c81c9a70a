using Gateway.Text.Tokenizers;

namespace Gateway.Text.Tests.Tokenizers;

public sealed class TokenizerFolderTests : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("tokenizer-folder-").FullName;

    public void Dispose() => Directory.Delete(_path, recursive: true);

    [Fact]
    public void Special_tokens_are_read_as_strings_and_as_objects()
    {
        Write("tokenizer_config.json", """{"bos_token":"<s>","eos_token":{"__type":"AddedToken","content":"</s>"},"pad_token":null,"boi_token":"<image>"}""");
        var folder = TokenizerFolder.Open(_path);
        Assert.Equal(("<s>", "</s>", null, "<image>"), (folder.BeginningToken, folder.EndToken, folder.PaddingToken, folder.TokenNamed("boi_token")));
    }

    [Fact]
    public void Chat_templates_come_from_the_config_by_name_and_files_of_their_own_count_more()
    {
        Write("tokenizer_config.json", """{"chat_template":[{"name":"default","template":"A"},{"name":"tool_use","template":"B"}]}""");
        Assert.Equal(("A", "B"), (TokenizerFolder.Open(_path).ChatTemplate, TokenizerFolder.Open(_path).ChatTemplates["tool_use"]));
        Write("chat_template.jinja", "C");
        Directory.CreateDirectory(Path.Combine(_path, "additional_chat_templates"));
        Write("additional_chat_templates/rag.jinja", "D");
        var folder = TokenizerFolder.Open(_path);
        Assert.Equal(("C", "B", "D"), (folder.ChatTemplate, folder.ChatTemplates["tool_use"], folder.ChatTemplates["rag"]));
    }

    [Fact]
    public void Classes_that_frame_texts_themselves_do_so_whatever_the_post_processor_says()
    {
        Write("tokenizer.json", SmallTokenizers.Text(SmallTokenizers.ByteLevel));
        Assert.Single(TokenizerFolder.Open(_path).LoadTokenizer().Encode("a", addSpecialTokens: true));
        Write("tokenizer_config.json", """{"tokenizer_class":"LlamaTokenizerFast","bos_token":"<|end|>","eos_token":"a","add_eos_token":true}""");
        var tokenizer = TokenizerFolder.Open(_path).LoadTokenizer();
        Assert.Equal(["<|end|>", "a", "a"], tokenizer.Encode("a", addSpecialTokens: true).Select(tokenizer.TokenOf));
    }

    [Fact]
    public void A_tiktoken_file_whose_pattern_is_not_known_is_refused()
    {
        Write("some.tiktoken", "YQ== 0\n");
        var error = Assert.Throws<TokenizerFormatException>(TokenizerFolder.Open(_path).LoadTokenizer);
        Assert.Contains("some.tiktoken", error.Message, StringComparison.Ordinal);
        Write("tokenizer_config.json", """{"tokenizer_class":"TikTokenTokenizer","added_tokens_decoder":{"7":{"content":"[EOS]","special":true}}}""");
        Assert.Equal([0, 7], TokenizerFolder.Open(_path).LoadTokenizer().Encode("a[EOS]"));
    }

    [Fact]
    public void A_folder_without_a_tokenizer_is_refused() =>
        Assert.Throws<TokenizerFormatException>(TokenizerFolder.Open(_path).LoadTokenizer);

    private void Write(string name, string content) => File.WriteAllText(Path.Combine(_path, name), content);
}
