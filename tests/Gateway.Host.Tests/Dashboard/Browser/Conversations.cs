using System.Net.Http.Json;

namespace Gateway.Host.Tests.Dashboard.Browser;

/// <summary>Clients that talk with models as people do: system prompts that many share, and conversations that come back with their whole past.</summary>
internal sealed class Conversations : IAsyncDisposable
{
    private const int SystemPrompts = 4;
    private const int MostTurns = 5;
    private const int AnswersOfHundredThatAreWhole = 10;

    private readonly CancellationTokenSource _stop = new();
    private readonly HttpClient _client;
    private readonly Random _random = new(1);
    private readonly Task _clients;

    public Conversations(Uri gateway, string[] models, int clients)
    {
        _client = new HttpClient { BaseAddress = gateway };
        string[] prompts = [.. Enumerable.Range(0, SystemPrompts).Select(i => $"You are assistant {i}. {Words(300)}")];
        _clients = Task.WhenAll(Enumerable.Range(0, clients).Select(i => TalkAsync(models[i % models.Length], prompts[i % SystemPrompts])));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _clients;
        _client.Dispose();
        _stop.Dispose();
    }

    private async Task TalkAsync(string model, string prompt)
    {
        try
        {
            while (true)
            {
                var messages = new List<object> { new { role = "system", content = prompt } };
                for (var turn = _random.Next(MostTurns); turn >= 0; turn--)
                {
                    messages.Add(new { role = "user", content = Words(20 + _random.Next(80)) });
                    var isStream = _random.Next(100) >= AnswersOfHundredThatAreWhole;
                    // Some ask for what there is not.
                    var asked = _random.Next(80) == 0 ? "no-such-model" : model;
                    object body = isStream
                        ? new { model = asked, messages, max_tokens = 40 + _random.Next(120), stream = true, stream_options = new { include_usage = true } }
                        : new { model = asked, messages, max_tokens = 40 + _random.Next(120) };
                    using var answer = await _client.PostAsJsonAsync(new Uri("/v1/chat/completions", UriKind.Relative), body, _stop.Token);
                    await answer.Content.ReadAsStringAsync(_stop.Token);
                    messages.Add(new { role = "assistant", content = Words(30) });
                    await Task.Delay(_random.Next(100, 500), _stop.Token);
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or HttpRequestException && _stop.IsCancellationRequested)
        {
            // Enough has been said.
        }
    }

    private string Words(int count)
    {
        lock (_random)
            return string.Join(' ', Enumerable.Range(0, count).Select(_ => _random.Next(1 << 24).ToString("x", System.Globalization.CultureInfo.InvariantCulture)));
    }
}
