namespace Gateway.Host.Tests.EndToEnd;

/// <summary>What is demanded of all answers of a load.</summary>
internal static class Answers
{
    /// <summary>A failure shows the first few that differ: there may be a hundred thousand, and a message of all of them the runner loses.</summary>
    public static void All(IEnumerable<Answer> answers, Func<Answer, bool> holds) =>
        Assert.Empty(answers.Where(answer => !holds(answer)).Take(10));
}
