namespace Gateway.Text.Tokenizers.PreTokenizers;

/// <summary>The dialects of regular expressions that models' files are written in.</summary>
internal enum RegexDialect
{
    /// <summary>tokenizer.json's: the Ruby syntax of Oniguruma.</summary>
    Oniguruma,

    /// <summary>tiktoken's: Python's regex module, and Rust's fancy-regex.</summary>
    Python,
}
