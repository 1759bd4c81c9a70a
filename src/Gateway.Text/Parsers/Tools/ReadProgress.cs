namespace Gateway.Text.Parsers.Tools;

/// <summary>How far a reader has come.</summary>
internal enum ReadProgress
{
    /// <summary>It needs what follows.</summary>
    More,

    /// <summary>What it reads has ended.</summary>
    Done,

    /// <summary>The text is not what it reads. The character where that shows is not consumed.</summary>
    Failed,
}

/// <summary>Lets a step's progress and the characters it took be handled in one expression.</summary>
internal static class ReadProgressExtensions
{
    public static ReadProgress Takes(this ReadProgress progress, int taken, ref int consumed)
    {
        consumed += taken;
        return progress;
    }
}
