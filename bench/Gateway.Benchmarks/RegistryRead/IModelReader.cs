using Gateway.Actors.Workers;

namespace Gateway.Benchmarks.RegistryRead;

/// <summary>
/// One way of keeping models and their workers. Implementations are structs, so that the loop is compiled for each of them and the
/// call is inlined as it would be in a gateway.
/// </summary>
internal interface IModelReader
{
    /// <summary>Finds the workers of the model that a request names.</summary>
    /// <param name="nameUtf8">As it stands in the request's body.</param>
    /// <returns>How many there are; what was found has been looked at.</returns>
    int Read(ReadOnlySpan<byte> nameUtf8);
}

/// <summary>The writing side of a structure that is compared: one worker of a model is taken away and put back changed.</summary>
internal interface IRivalStore
{
    void Replace(string model, Worker worker);
}
