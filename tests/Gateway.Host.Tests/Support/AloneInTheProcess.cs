namespace Gateway.Host.Tests.Support;

/// <summary>For tests that measure the memory of the process: no other runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneInTheProcess
{
    public const string Name = "Alone in the process";
}
