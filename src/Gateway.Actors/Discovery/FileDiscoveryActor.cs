using Akka.Actor;
using Akka.Event;
using Akka.Pattern;
using Gateway.Actors.Registry;
using Gateway.Actors.Workers;
using static Gateway.Actors.Registry.RegistryProtocol;

namespace Gateway.Actors.Discovery;

/// <summary>
/// Follows a file that lists workers. It compares content, not dates or file events, which makes atomic renames and links that are
/// swapped nothing special. A file that is missing, unreadable or wrong leaves the fleet as it is, with one line in the log.
/// </summary>
/// <remarks>
/// The fleet is brought in line when the content changes, and until that has succeeded; what operators do to these workers in between
/// holds until the next change. Supervision: under a <see cref="BackoffSupervisor"/> (<see cref="SupervisedProps"/>); a new start compares
/// the file with the fleet as it is, so nothing is registered twice.
/// </remarks>
public sealed class FileDiscoveryActor : ReceiveActor, IWithTimers
{
    /// <summary>
    /// New content must stay the same for so long: a file that is being written may be cut off between two workers, and be
    /// valid all the same.
    /// </summary>
    internal static readonly TimeSpan SettleTime = TimeSpan.FromMilliseconds(250);

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly HashSet<string> _logged = new(StringComparer.Ordinal);
    private readonly IActorRef _registry;
    private readonly RegistryView _view;
    private readonly FileDiscoverySettings _settings;
    private bool _isReading;
    private string? _readFailure;
    private string? _candidate;
    private string? _judged;
    private EquatableArray<WorkerSpec>? _wanted;
    private bool _isInLine;

    // Public because Akka makes actors with public constructors only.
    public FileDiscoveryActor(IActorRef registry, RegistryView view, FileDiscoverySettings settings)
    {
        _registry = registry;
        _view = view;
        _settings = settings;
        Receive<Look>(_ => StartReading());
        Receive<Content>(content =>
        {
            _isReading = false;
            _readFailure = null;
            _settings.Lookups.Answer();
            Consider(content.Text);
            BringInLine();
        });
        Receive<Status.Failure>(failure =>
        {
            _isReading = false;
            // What was seen before it went away must settle again.
            _candidate = null;
            _settings.Lookups.Fail();
            if (_readFailure != failure.Cause.Message)
                _log.Warning("{0}: cannot be read: {1}", _settings.Path, failure.Cause.Message);
            _readFailure = failure.Cause.Message;
            BringInLine();
        });
        Receive<Accepted>(static _ => { });
        Receive<Refused>(refused => WarnOnce($"a worker was refused and will be tried again: {refused.Message}"));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="registry">The RegistryActor.</param>
    /// <param name="view">The registry's view.</param>
    /// <param name="settings">What to follow.</param>
    public static Props SupervisedProps(IActorRef registry, RegistryView view, FileDiscoverySettings settings) =>
        DiscoverySupervision.Supervise(Props(registry, view, settings), "file");

    internal static Props Props(IActorRef registry, RegistryView view, FileDiscoverySettings settings) =>
        Akka.Actor.Props.Create(() => new FileDiscoveryActor(registry, view, settings));

    protected override void PreStart()
    {
        Timers.StartPeriodicTimer("interval", Look.Instance, _settings.Interval);
        Self.Tell(Look.Instance);
    }

    private void StartReading()
    {
        if (_isReading)
            return;
        _isReading = true;
        _settings.Read(_settings.Path).PipeTo(Self, success: static text => new Content(text));
    }

    private void Consider(string text)
    {
        if (text == _judged)
        {
            _candidate = null;
            return;
        }

        if (text == _candidate)
        {
            Judge(text);
            return;
        }

        _candidate = text;
        Timers.StartSingleTimer("settle", Look.Instance, SettleTime);
    }

    private void Judge(string text)
    {
        _judged = text;
        _candidate = null;
        _logged.Clear();
        try
        {
            _wanted = _settings.Parse(text);
            _isInLine = false;
            _log.Info("{0}: lists {1} workers", _settings.Path, _wanted.Value.Count);
        }
        catch (FormatException failure)
        {
            _settings.Lookups.Fail();
            WarnOnce(_wanted is null ? $"no workers are taken from it: {failure.Message}" : $"keeping the last good list: {failure.Message}");
        }
    }

    private void BringInLine()
    {
        if (_wanted is not { } wanted || _isInLine)
            return;
        var reconciliation = SourceReconciliation.Between(_view.Current, wanted, SourceTerms.File);
        foreach (var entry in reconciliation.Foreign)
            WarnOnce($"{entry.Worker.Spec.Url} is registered by other means ({entry.Origin}) and left as it is");
        foreach (var command in reconciliation.Commands)
            _registry.Tell(command);
        _isInLine = reconciliation.IsDone;
    }

    private void WarnOnce(string message)
    {
        if (_logged.Add(message))
            _log.Warning("{0}: {1}", _settings.Path, message);
    }

    private sealed record Look
    {
        public static Look Instance { get; } = new();
    }

    private sealed record Content(string Text);
}
