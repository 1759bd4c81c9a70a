namespace Gateway.Text.Templates;

/// <summary>What is wrong when a template does not render; decides whether the operator or the client is to be told.</summary>
public enum TemplateFailure
{
    /// <summary>The template cannot be compiled. The model's files are to blame, at load time.</summary>
    Syntax,

    /// <summary>An operation has no meaning for its operands, as a <c>TypeError</c> in Python.</summary>
    Runtime,

    /// <summary>The template itself refused the conversation with <c>raise_exception</c>; the message is meant for the client.</summary>
    Raised,

    /// <summary>A limit of <see cref="TemplateLimits"/> was reached.</summary>
    Limit,
}

/// <summary>
/// The only exception that compiling or rendering throws. The message is one sentence that may be put into the answer to a client: it
/// holds the template's own words and names, never an address or a stack.
/// </summary>
public sealed class TemplateException : Exception
{
    public TemplateException(TemplateFailure failure, string message, int line = 0)
        : base(message)
    {
        Failure = failure;
        Line = line;
    }

    public TemplateException()
        : this(TemplateFailure.Runtime, "The template failed.")
    {
    }

    public TemplateException(string message)
        : this(TemplateFailure.Runtime, message)
    {
    }

    public TemplateException(string message, Exception innerException)
        : base(message, innerException) => Failure = TemplateFailure.Runtime;

    public TemplateFailure Failure { get; }

    /// <summary>The line of the template, from 1; 0 until the statement that failed is known.</summary>
    public int Line { get; }

    internal TemplateException At(int line) => Line > 0 ? this : new(Failure, Message, line);
}
