namespace Gateway.Simulator;

/// <summary>How a generation ended, if it has.</summary>
internal enum GenerationEnd
{
    NotYet,
    Finished,
    Aborted,
    Failed,
}
