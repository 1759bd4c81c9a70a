namespace Gateway.Text.Tokenizers;

/// <summary>A tokenizer's file is broken, or asks for something that is not supported: loading must fail, since guessing would give wrong ids.</summary>
public sealed class TokenizerFormatException : Exception
{
    /// <summary>Creates the exception.</summary>
    public TokenizerFormatException()
    {
    }

    /// <summary>Creates the exception.</summary>
    public TokenizerFormatException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    public TokenizerFormatException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
