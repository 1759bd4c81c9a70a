using System.Net;
using System.Text.Json;
using Gateway.Actors.Tests.Support.Fakes;
using Gateway.Host.Admission;
using Gateway.Host.Serving.Tokens.Requests;
using Gateway.Host.Serving.Tokens.Texts;
using Gateway.Text.Tokenizers;
using Microsoft.Extensions.DependencyInjection;
using Eventually = Gateway.Host.Tests.Support.Eventually;

namespace Gateway.Host.Tests.EndToEnd.Texts;

/// <summary>Prompts of any size, side by side. One test after the other: the lanes are for the whole process.</summary>
public sealed class PromptLaneTests
{
    private static readonly string LongPrompt = new('x', PromptLanes.LargestShort + 1);
    private static readonly string HugePrompt = new('x', PromptLanes.LargestLong + 1);

    [Fact]
    public async Task A_huge_prompt_stands_before_no_other_that_is_smaller()
    {
        await using var gateway = await StartAsync();
        var lane = PromptLanes.LaneFor(PromptLanes.LargestLong + 1);
        Task<HttpResponseMessage> waiting;
        await lane.WaitAsync();
        try
        {
            waiting = gateway.CompleteAsync(HugePrompt);
            using var small = await gateway.CompleteAsync("Hi");
            using var large = await gateway.CompleteAsync(LongPrompt);
            Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (small.StatusCode, large.StatusCode));
            Assert.False(waiting.IsCompleted);
        }
        finally
        {
            lane.Release();
        }

        using var answer = await waiting;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_client_that_goes_takes_its_prompt_out_of_the_lane()
    {
        await using var gateway = await StartAsync();
        var gate = gateway.App.Services.GetRequiredService<AdmissionGate>();
        var lane = PromptLanes.LaneFor(PromptLanes.LargestLong + 1);
        await lane.WaitAsync();
        try
        {
            using var gone = new CancellationTokenSource();
            using var content = new StringContent(JsonSerializer.Serialize(new { model = "m", prompt = HugePrompt }));
            var asking = gateway.Client.PostAsync(new Uri("/v1/completions", UriKind.Relative), content, gone.Token);
            await Eventually.HoldsAsync(() => gate.InFlight == 1, "the request is in the gateway");

            await gone.CancelAsync();

            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
            await Eventually.HoldsAsync(() => gate.InFlight == 0, "it has left, although nobody has made room");
        }
        finally
        {
            lane.Release();
        }
    }

    [Fact]
    public async Task The_encoding_of_a_prompt_ends_in_its_middle_when_the_client_goes()
    {
        using var cancellation = new CancellationTokenSource();
        var tokenizer = TokenizerLoader.ReadJson(System.Text.Encoding.UTF8.GetBytes(ByteTokenizer.Json()));
        var prompts = Enumerable.Repeat(string.Concat(Enumerable.Repeat("word ", 2_000_000)), 4).ToArray();
        var request = JsonSerializer.SerializeToElement(new { prompt = prompts });
        var started = new TaskCompletionSource();
        var planning = Task.Run(() =>
        {
            started.SetResult();
            InputFields.Read(new FieldReader(request), "prompt", new PromptEncoder(tokenizer, Cache: null, cancellation.Token));
        });
        await started.Task;

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => planning);
    }

    private static async Task<TextGateway> StartAsync()
    {
        var gateway = await TextGateway.StartAsync(new FakeSgLang { OnGetTokenizer = ByteTokenizer.GiveAsync });
        await gateway.UntilKnownAsync();
        return gateway;
    }
}
