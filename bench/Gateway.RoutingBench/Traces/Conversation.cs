namespace Gateway.RoutingBench.Traces;

/// <summary>The history that each call of a session sends anew, with what was said since.</summary>
internal sealed class Conversation(Dice dice, int[] opening)
{
    private readonly List<int> _history = [.. opening];

    /// <param name="wait">Before the call.</param>
    /// <param name="said">New tokens of the client's.</param>
    /// <param name="answered">Tokens of the answer, which is part of the history from then on.</param>
    public Call Continue(TimeSpan wait, int said, int answered)
    {
        _history.AddRange(dice.Tokens(said));
        var call = new Call(wait, [.. _history], opening.Length, dice.Tokens(answered));
        _history.AddRange(call.Answer);
        return call;
    }
}
