namespace Gateway.Host.Serving.Tokens.Texts;

/// <summary>What <see cref="TextKeeper"/> is told.</summary>
internal abstract record TextCommand
{
    private TextCommand()
    {
    }

    /// <summary>There is another snapshot of the fleet.</summary>
    public sealed record FleetChanged : TextCommand;

    /// <summary>A model's workers were asked.</summary>
    public sealed record Fetched(FetchJob Job, FetchResult Result) : TextCommand;

    /// <summary>A model's workers may be asked again.</summary>
    public sealed record PauseOver(FetchJob Job, int Round) : TextCommand;

    /// <summary>An operator has one.</summary>
    /// <param name="Entry">With files.</param>
    /// <param name="Done">False if the name is taken.</param>
    public sealed record Register(TextEntry Entry, TaskCompletionSource<bool> Done) : TextCommand;

    /// <summary>An operator wants it forgotten. One that came from workers is fetched anew, if a model needs it.</summary>
    /// <param name="Done">False if it is not there any more.</param>
    public sealed record Remove(TextEntry Entry, TaskCompletionSource<bool> Done) : TextCommand;
}
