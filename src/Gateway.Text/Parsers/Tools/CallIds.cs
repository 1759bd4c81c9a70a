namespace Gateway.Text.Parsers.Tools;

/// <summary>How a model wants to see the ids of its calls when they come back with the results.</summary>
internal enum CallIdStyle
{
    /// <summary>As OpenAI's: "call_" and 24 letters and digits.</summary>
    OpenAi,

    /// <summary>Nine letters and digits; Mistral's templates refuse others.</summary>
    Mistral,

    /// <summary>"functions.", the name, ":" and the call's index, as Kimi writes them itself.</summary>
    Kimi,
}

/// <summary>Makes ids for calls whose text has none of its own.</summary>
internal sealed class CallIds(CallIdStyle style, Random random)
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    public string Next(string name, int index) => style switch
    {
        CallIdStyle.Mistral => random.GetString(Alphabet, 9),
        CallIdStyle.Kimi => $"functions.{name}:{index}",
        _ => "call_" + random.GetString(Alphabet, 24),
    };
}
