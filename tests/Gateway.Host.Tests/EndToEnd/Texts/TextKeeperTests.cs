using System.Threading.Channels;
using Gateway.Actors.Engines;
using Gateway.Actors.Registry;
using Gateway.Actors.Workers;
using Gateway.Host.Configuration;
using Gateway.Host.Serving.Tokens.Planning;
using Gateway.Host.Serving.Tokens.Texts;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Host.Tests.EndToEnd.Texts;

/// <summary>When workers are asked for a tokenizer, in a time that does not pass.</summary>
public sealed class TextKeeperTests : IDisposable
{
    private readonly RegistryView _view;
    private readonly List<Worker> _workers = [];
    private readonly RefusingFetcher _fetcher = new();
    private readonly RegistryPublisher _publisher;

    public TextKeeperTests() => _view = RegistryView.Create(out _publisher);

    public void Dispose() => _workers.ForEach(static worker => worker.Client?.Dispose());

    [Fact]
    public async Task A_worker_that_joins_is_asked_at_once_and_others_are_left_in_peace_until_their_pause_is_over()
    {
        using var keeper = new TextKeeper(
            _view, ModelTexts.Load(new GatewayOptions()), _fetcher, new ManualTime(), NullLogger<TextKeeper>.Instance);
        await keeper.StartAsync(CancellationToken.None);
        var first = Add(epoch: 1);
        Publish(version: 1, first);
        Assert.Equal("1", await _fetcher.NextAsync());

        Publish(version: 2, first);
        var second = Add(epoch: 2);
        Publish(version: 3, first, second);

        Assert.Equal("1 2", await _fetcher.NextAsync());
        await keeper.StopAsync(CancellationToken.None);
        Assert.Equal(2, _fetcher.Questions);
    }

    [Fact]
    public void The_pauses_double_up_to_a_minute()
    {
        using var job = new FetchJob("m");
        var pauses = new List<double>();
        for (var i = 0; i < 40; i++)
        {
            job.Begin([]);
            job.End();
            pauses.Add(job.Pause().TotalSeconds);
        }

        Assert.Equal([0.5, 1, 2, 4, 8, 16, 32, 60, 60], pauses.Take(9));
        Assert.Equal(60, pauses[^1]);
    }

    private Worker Add(long epoch)
    {
        var worker = TextScene.Worker("m", epoch);
        worker.TryAdopt(new GrpcEngineClient(worker.Spec.Url.Address, TimeSpan.FromSeconds(1)));
        _workers.Add(worker);
        return worker;
    }

    private void Publish(long version, params Worker[] workers) => _publisher.Publish(TextScene.Fleet(version, TextScene.Model("m", workers)));

    /// <summary>Remembers whom it was asked to ask, by their epochs.</summary>
    private sealed class RefusingFetcher : ITokenizerFetcher
    {
        private readonly Channel<string> _asked = Channel.CreateUnbounded<string>();

        public int Questions { get; private set; }

        /// <summary>The epochs of those who are asked next, or were already.</summary>
        public Task<string> NextAsync() => _asked.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(1));

        public Task<FetchResult> FetchAsync(IReadOnlyList<Worker> workers, CancellationToken cancellation)
        {
            Questions++;
            _asked.Writer.TryWrite(string.Join(' ', workers.Select(static worker => worker.Epoch)));
            return Task.FromResult(new FetchResult(null, null, "no", IsRefused: true));
        }
    }
}
