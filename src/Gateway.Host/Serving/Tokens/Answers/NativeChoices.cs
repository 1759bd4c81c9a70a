namespace Gateway.Host.Serving.Tokens.Answers;

/// <summary>The choices of an answer in SGLang's own API, by their numbers.</summary>
internal sealed class NativeChoices
{
    private readonly List<NativeChoice> _choices = [];

    public int Count => _choices.Count;

    public NativeChoice Of(int choice)
    {
        while (_choices.Count <= choice)
            _choices.Add(new NativeChoice());
        return _choices[choice];
    }
}
