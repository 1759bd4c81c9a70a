namespace Gateway.Actors.Registry;

/// <summary>
/// The one shared reference through which readers see the fleet. Anyone may read <see cref="Current"/>; publishing needs the
/// <see cref="RegistryPublisher"/>, of which there is one for each view, and which only the RegistryActor is given.
/// </summary>
public sealed class RegistryView
{
    private RegistrySnapshot _current = RegistrySnapshot.Empty;

    private RegistryView()
    {
    }

    /// <summary>The latest snapshot: one volatile read. Take it once for a request, and use that.</summary>
    public RegistrySnapshot Current => Volatile.Read(ref _current);

    /// <summary>Makes a view together with the only means of changing it.</summary>
    public static RegistryView Create(out RegistryPublisher publisher)
    {
        var view = new RegistryView();
        publisher = new RegistryPublisher(view, snapshot => Volatile.Write(ref view._current, snapshot));
        return view;
    }
}
