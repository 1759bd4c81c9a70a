using Gateway.Actors.Registry;

namespace Gateway.Benchmarks.RegistryRead;

/// <summary>The gateway's own way: one volatile read, the model by its bytes, its workers as they are.</summary>
internal readonly struct SnapshotReader(RegistryView view) : IModelReader
{
    public int Read(ReadOnlySpan<byte> nameUtf8) =>
        view.Current.FindModel(nameUtf8) is { } model ? model.Ready.Length : 0;
}
