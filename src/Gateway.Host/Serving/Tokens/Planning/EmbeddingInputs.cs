using Gateway.Host.Serving.Tokens.Requests;

namespace Gateway.Host.Serving.Tokens.Planning;

/// <summary>Reads <c>input</c> of requests that embed or classify.</summary>
internal static class EmbeddingInputs
{
    public static List<ReadOnlyMemory<int>> Read(FieldReader fields, in PromptEncoder encoder)
    {
        var inputs = InputFields.Read(fields, "input", encoder);
        for (var i = 0; i < inputs.Count; i++)
        {
            // There is no embedding of nothing, and engines fall over it. A tokenizer that frames its texts makes something of it.
            if (inputs[i].IsEmpty)
                fields.Refuse(FieldError.Invalid("input", "Invalid 'input': the input must not be empty."));
        }

        return inputs;
    }
}
