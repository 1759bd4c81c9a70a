using Gateway.Actors.Engines.Generation;

namespace Gateway.Host.Serving.Tokens.Answers;

/// <summary>SGLang's own API as it comes: each event has all of a choice that there is.</summary>
/// <param name="events">The response.</param>
/// <param name="format">Of the choices.</param>
internal sealed class NativeStreamWriter(EventStreamWriter events, NativeAnswerJson format) : IAnswerWriter
{
    private readonly NativeChoices _choices = new();

    public int TakeWritten() => events.TakeWritten();

    public void BeginStep(int choice, in GenerationStep step) => _choices.Of(choice).Add(step);

    public void Content(int choice, ReadOnlySpan<char> text) => _choices.Of(choice).Add(text);

    public void Logprobs(int choice, IReadOnlyList<TokenLogprob> tokens) => _choices.Of(choice).Logprobs.AddRange(tokens);

    public void Finish(int choice, in ChoiceEnd end) => _choices.Of(choice).End = end;

    public void EndStep(int choice)
    {
        format.Write(events.Begin(), choice, _choices.Of(choice));
        events.End();
    }

    public void Complete(in Usage usage) => events.Done();

    public void Dispose() => events.Dispose();
}
