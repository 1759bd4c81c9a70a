using System.Threading.Channels;
using Gateway.Actors.Registry;
using Gateway.Actors.Workers;
using Gateway.Host.Serving.Tokens.Planning;

namespace Gateway.Host.Serving.Tokens.Texts;

/// <summary>
/// The only writer of <see cref="ModelTexts"/>: keeps the table in step with the fleet, has workers asked for the tokenizers that nobody has
/// named, and does what operators say. One command is carried out after the other; what takes time is done elsewhere and comes back as one.
/// </summary>
internal sealed partial class TextKeeper(
    RegistryView view, ModelTexts texts, ITokenizerFetcher fetcher, TimeProvider time, ILogger<TextKeeper> log) : BackgroundService
{
    private readonly Channel<TextCommand> _commands = Channel.CreateUnbounded<TextCommand>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Dictionary<string, FetchJob> _jobs = new(StringComparer.Ordinal);
    private RegistrySnapshot _fleet = RegistrySnapshot.Empty;

    /// <returns>False if somebody has given another tokenizer this name.</returns>
    public Task<bool> RegisterAsync(TextEntry entry, CancellationToken cancellation) =>
        TellAsync(done => new TextCommand.Register(entry, done), cancellation);

    /// <returns>False if it is not there any more.</returns>
    public Task<bool> RemoveAsync(TextEntry entry, CancellationToken cancellation) =>
        TellAsync(done => new TextCommand.Remove(entry, done), cancellation);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var following = FollowAsync(stoppingToken);
        try
        {
            await foreach (var command in _commands.Reader.ReadAllAsync(stoppingToken))
                Do(command);
        }
        finally
        {
            foreach (var job in _jobs.Values)
                job.Dispose();
            await following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task FollowAsync(CancellationToken stopping)
    {
        var fleet = RegistrySnapshot.Empty;
        while (true)
        {
            await view.NextAfter(fleet).WaitAsync(stopping);
            fleet = view.Current;
            _commands.Writer.TryWrite(new TextCommand.FleetChanged());
        }
    }

    private async Task<bool> TellAsync(Func<TaskCompletionSource<bool>, TextCommand> command, CancellationToken cancellation)
    {
        var done = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        _commands.Writer.TryWrite(command(done));
        return await done.Task.WaitAsync(cancellation);
    }

    private void Do(TextCommand command)
    {
        switch (command)
        {
            case TextCommand.FleetChanged when _fleet != view.Current:
                _fleet = view.Current;
                Publish(texts.Table.For(_fleet));
                break;
            case TextCommand.Fetched fetched when IsCurrent(fetched.Job):
                Take(fetched.Job, fetched.Result);
                break;
            case TextCommand.PauseOver over when IsCurrent(over.Job) && over.Round == over.Job.Round:
                Ask(over.Job);
                break;
            case TextCommand.Register register:
                register.Done.SetResult(TryRegister(register.Entry));
                break;
            case TextCommand.Remove remove:
                remove.Done.SetResult(TryRemove(remove.Entry));
                break;
        }
    }

    private bool IsCurrent(FetchJob job) => _jobs.GetValueOrDefault(job.Model) == job;

    private bool TryRegister(TextEntry entry)
    {
        if (texts.Table.FindNamed(entry.Name) is not null)
            return false;
        Publish(texts.Table.With(entry, _fleet));
        LogRegistered(entry.Name, entry.Source!);
        return true;
    }

    private bool TryRemove(TextEntry entry)
    {
        var table = texts.Table;
        var current = (entry.Origin == TextOrigin.Worker ? table.Fetched : table.Registered).GetValueOrDefault(entry.Name);
        if (current?.Id != entry.Id)
            return false;
        if (entry.Origin == TextOrigin.Worker)
            Forget(entry.Name);
        Publish(table.Without(entry, _fleet));
        LogRemoved(entry.Name);
        return true;
    }

    private void Take(FetchJob job, FetchResult result)
    {
        var entry = texts.Table.Fetched[job.Model];
        job.End();
        if (result.Files is not null)
        {
            Forget(job.Model);
            LogFetched(job.Model, result.Reason, result.Source!);
            Publish(texts.Table.With(
                entry with { Status = TextStatus.Ready, Files = result.Files, Source = result.Source, Reason = "" }, _fleet));
            return;
        }

        // Once for each reason: whoever refuses, will refuse for long.
        if (result.IsRefused && entry.Status != TextStatus.Failed)
            LogRefused(job.Model, result.Reason);
        else if (!result.IsRefused && entry.Reason != result.Reason && result.Reason.Length > 0)
            LogFailed(job.Model, result.Reason);
        Publish(texts.Table.With(
            entry with { Status = result.IsRefused ? TextStatus.Failed : TextStatus.Loading, Reason = result.Reason }, _fleet));
        if (!job.IsAsking)
            _ = PauseAsync(job, job.Round);
    }

    /// <summary>Publishes a table, and has those asked who must be by it.</summary>
    private void Publish(TextTable table)
    {
        texts.Publish(table);
        foreach (var model in _jobs.Keys.Where(model => !IsNeeded(table, model)).ToArray())
            Forget(model);
        foreach (var (model, _) in table.Fetched)
        {
            if (!IsNeeded(table, model))
                continue;
            if (!_jobs.TryGetValue(model, out var job))
                _jobs[model] = job = new FetchJob(model);
            if (!job.IsAsking && job.HasNotAsked(WorkersOf(model)))
                Ask(job);
        }
    }

    /// <summary>True if a model that is served waits for just this.</summary>
    private static bool IsNeeded(TextTable table, string model) =>
        table.Fetched.TryGetValue(model, out var entry) && entry.Files is null && table.Models.TryGetValue(model, out var state) && state.Entry == entry;

    private void Forget(string model)
    {
        if (_jobs.Remove(model, out var job))
            job.Dispose();
    }

    private void Ask(FetchJob job)
    {
        var workers = WorkersOf(job.Model);
        if (workers.Count == 0)
            return;
        job.Begin(workers);
        _ = FetchAsync(job, workers);
    }

    private async Task FetchAsync(FetchJob job, IReadOnlyList<Worker> workers)
    {
        FetchResult result;
        try
        {
            result = await fetcher.FetchAsync(workers, job.Cancellation);
        }
        catch (Exception failure)
        {
            // Of a job that was cancelled nobody wants to know. Any other failure must not be the end of the search.
            result = new FetchResult(null, null, failure.Message.ReplaceLineEndings(" "));
        }

        _commands.Writer.TryWrite(new TextCommand.Fetched(job, result));
    }

    private async Task PauseAsync(FetchJob job, int round)
    {
        try
        {
            await Task.Delay(job.Pause(), time, job.Cancellation);
            _commands.Writer.TryWrite(new TextCommand.PauseOver(job, round));
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>Each engine once. One that serves any model is asked last: it may have been told of another model's tokenizer.</summary>
    private IReadOnlyList<Worker> WorkersOf(string id)
    {
        var model = id == ModelCard.Wildcard ? _fleet.Wildcard : _fleet.Models.GetValueOrDefault(id);
        if (model is null)
            return [];
        return
        [
            .. model.Ready.ToArray()
                .Where(static worker => worker.Facts.Mode == ConnectionMode.Grpc)
                .DistinctBy(static worker => worker.Client)
                .OrderBy(worker => worker.Models.Any(card => card.Id == id) ? 0 : 1),
        ];
    }

    [LoggerMessage(1, LogLevel.Information, "The tokenizer of {Model} came from {Worker} and is in {Folder}")]
    private partial void LogFetched(string model, string worker, string folder);

    [LoggerMessage(2, LogLevel.Warning, "The tokenizer of {Model} has not come yet, it is asked for again: {Reason}")]
    private partial void LogFailed(string model, string reason);

    [LoggerMessage(3, LogLevel.Error, "No worker gives the tokenizer of {Model}, so no request reaches them: set tokenizer_path for it under models, or --tokenizer-path ({Reason})")]
    private partial void LogRefused(string model, string reason);

    [LoggerMessage(4, LogLevel.Information, "The tokenizer of {Name} was registered from {Source}")]
    private partial void LogRegistered(string name, string source);

    [LoggerMessage(5, LogLevel.Information, "The tokenizer of {Name} was forgotten")]
    private partial void LogRemoved(string name);
}
