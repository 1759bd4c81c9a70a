using System.Collections;
using System.Collections.Concurrent;
using System.Text.Json;
using Gateway.Host.Commands;
using Gateway.Host.Tests.EndToEnd;
using Gateway.Host.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace Gateway.Host.Tests.Commands;

/// <summary><c>gateway bench</c>, against running servers: a gateway, and servers that do not keep what they promise.</summary>
public sealed class BenchCommandTests
{
    private const string Text = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"},\"finish_reason\":null}]}\n\n";
    private const string Finish = "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
    private const string Usage = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}}\n\n";
    private const string Done = "data: [DONE]\n\n";

    [Theory]
    [InlineData("--endpoint", "chat")]
    [InlineData("--endpoint", "completions")]
    [InlineData("--no-stream")]
    public async Task A_gateway_answers_all_of_them(params string[] how)
    {
        await using var gateway = await LiveGateway.StartAsync(2);

        var run = await CommandRun.OnAsync(gateway, ["bench", "--requests", "12", "--concurrency", "3", "--max-tokens", "4", "--warm-up", "2", "--json", .. how]);

        Assert.Equal((0, ""), (run.Code, run.Errors));
        Assert.Equal((12, 0), (Number(run, "complete"), Number(run, "failed")));
        Assert.InRange(Number(run, "output_tokens"), 1, 12 * 4);
        Assert.Equal(12, run.Json.GetProperty("times").GetProperty("whole_ms").GetProperty("samples").GetInt32());
        Assert.Equal(how.Contains("--no-stream"), !run.Json.GetProperty("times").TryGetProperty("ttft_ms", out _));
    }

    [Fact]
    public async Task Tokens_are_those_that_the_server_counts()
    {
        await using var server = await ServerAsync(Text, Text, Finish, Usage, Done);

        var run = await OnAsync(server, "--requests", "2");

        Assert.Equal((0, 14, 6), (run.Code, Number(run, "input_tokens"), Number(run, "output_tokens")));
        Assert.Equal(2, run.Json.GetProperty("times").GetProperty("inter_chunk_ms").GetProperty("samples").GetInt32());
    }

    [Fact]
    public async Task A_server_that_counts_none_has_a_token_a_piece_of_text()
    {
        await using var server = await ServerAsync(Text, Text, Finish, Done);

        Assert.Equal(2, Number(await OnAsync(server, "--requests", "1"), "output_tokens"));
    }

    [Theory]
    [InlineData("cut", Text)]
    [InlineData("cut", Text, Finish)]
    [InlineData("cut", Text, Done)]
    [InlineData("cut", Done)]
    [InlineData("error_event", Text, "data: {\"error\":{\"message\":\"broke\"}}\n\n")]
    [InlineData("not_an_answer", Text, "data: {]\n\n")]
    [InlineData("not_an_answer", "data: {\"object\":\"other\"}\n\n")]
    public async Task A_stream_that_is_not_whole_is_no_success(string ending, params string[] pieces)
    {
        await using var server = await ServerAsync(pieces);

        var run = await OnAsync(server, "--requests", "3");

        Assert.Equal((1, 0, 3), (run.Code, Number(run, "complete"), Number(run, "failed")));
        var failure = Assert.Single(run.Json.GetProperty("failures").EnumerateArray().ToArray());
        Assert.Equal((ending, 3), (failure.GetProperty("ending").GetString(), failure.GetProperty("requests").GetInt32()));
        Assert.Empty(run.Json.GetProperty("times").EnumerateObject());
    }

    [Fact]
    public async Task A_choice_that_has_not_ended_makes_a_stream_incomplete()
    {
        const string Second = "data: {\"choices\":[{\"index\":1,\"delta\":{\"content\":\"b\"},\"finish_reason\":null}]}\n\n";
        await using var server = await ServerAsync(Text, Second, Finish, Done);

        Assert.Equal(1, Number(await OnAsync(server, "--requests", "1"), "failed"));
    }

    [Fact]
    public async Task An_error_is_counted_with_its_words()
    {
        await using var server = await EngineStandIn.StartAsync(static context =>
            EngineStandIn.AnswerJsonAsync(context, """{"error":{"message":"too much"}}""", StatusCodes.Status429TooManyRequests));

        var run = await OnAsync(server, "--requests", "2");

        var failure = Assert.Single(run.Json.GetProperty("failures").EnumerateArray().ToArray());
        Assert.Equal(("error_status", "429 too much"), (failure.GetProperty("ending").GetString(), failure.GetProperty("detail").GetString()));
    }

    [Fact]
    public async Task A_server_that_does_not_answer_in_time_is_not_waited_for()
    {
        await using var server = await EngineStandIn.StartAsync();
        server.Behaviour = server.HangAsync;

        var run = await OnAsync(server, "--requests", "1", "--timeout", "0.2");

        Assert.Equal("timed_out", run.Json.GetProperty("failures")[0].GetProperty("ending").GetString());
        await server.Aborted.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Nobody_at_the_address_is_a_3()
    {
        var run = await CommandRun.WithAsync([], TestGateway.RefusingUrl(), "bench", "--model", "m", "--requests", "2", "--json");

        Assert.Equal((3, 2), (run.Code, Number(run, "failed")));
    }

    [Fact]
    public async Task Made_up_prompts_begin_alike_as_far_as_was_asked_for_and_are_never_the_same()
    {
        await using var server = await ServerAsync(Text, Finish, Done);

        await OnAsync(server, "--requests", "8", "--prompt-size", "600", "--shared-size", "200");

        string[] prompts = [.. server.Seen.Select(PromptOf)];
        Assert.Equal(8, prompts.Distinct().Count());
        Assert.Single(prompts.Select(static prompt => prompt[..200]).Distinct());
        Assert.All(prompts, static prompt => Assert.InRange(prompt.Length, 600, 620));
    }

    [Fact]
    public async Task Prompts_of_a_file_are_taken_in_turn()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllLinesAsync(file, ["one", "two"]);
            await using var server = await ServerAsync(Text, Finish, Done);

            await OnAsync(server, "--requests", "4", "--prompts", file);

            Assert.Equal(["one", "one", "two", "two"], server.Seen.Select(PromptOf).Order());
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task At_a_rate_a_server_that_stalls_gets_the_next_requests_all_the_same()
    {
        var waiting = new ConcurrentQueue<TaskCompletionSource>();
        var allAreHere = new TaskCompletionSource();
        await using var server = await EngineStandIn.StartAsync(async context =>
        {
            var turn = new TaskCompletionSource();
            waiting.Enqueue(turn);
            if (waiting.Count == 5)
                allAreHere.SetResult();
            await turn.Task;
            await EngineStandIn.StreamAsync(context, Text, Finish, Done);
        });

        var run = OnAsync(server, "--requests", "5", "--rate", "100", "--even");
        await allAreHere.Task.WaitAsync(TimeSpan.FromSeconds(30));
        foreach (var turn in waiting)
            turn.SetResult();

        Assert.Equal(5, Number(await run, "complete"));
    }

    [Fact]
    public async Task What_was_there_when_it_is_interrupted_is_told()
    {
        var asked = 0;
        using var interrupt = new CancellationTokenSource();
        await using var server = await EngineStandIn.StartAsync(async context =>
        {
            if (Interlocked.Increment(ref asked) == 3)
                await interrupt.CancelAsync();
            else
                await EngineStandIn.StreamAsync(context, Text, Finish, Done);
        });
        await using var output = new StringWriter();

        var code = await OperatorCommands.RunAsync(
            ["bench", "--url", server.Url, "--model", "m", "--concurrency", "1", "--json"], new Hashtable(), new CommandConsole(output, TextWriter.Null, IsTerminal: false), interrupt.Token);

        var report = JsonElement.Parse(output.ToString());
        Assert.Equal((130, 2, true), (code, report.GetProperty("complete").GetInt32(), report.GetProperty("interrupted").GetBoolean()));
    }

    [Fact]
    public async Task People_read_tables_and_see_how_far_it_is_on_a_terminal()
    {
        await using var server = await ServerAsync(Text, Text, Finish, Done);
        await using var output = new StringWriter();
        await using var errors = new StringWriter();

        var code = await OperatorCommands.RunAsync(
            ["bench", "--url", server.Url, "--model", "m", "--requests", "5"], new Hashtable(), new CommandConsole(output, errors, IsTerminal: true));

        Assert.Equal(0, code);
        Assert.Contains("time to first token", output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("time to first token", errors.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--rate", "0")]
    [InlineData("--concurrency", "0")]
    [InlineData("--even")]
    [InlineData("--prompts", "/nowhere/at/all")]
    [InlineData("--prompt", "a", "--prompts", "b")]
    [InlineData("--endpoint", "images")]
    public async Task What_makes_no_sense_is_a_2_that_names_the_option(params string[] wrong)
    {
        var run = await CommandRun.WithAsync([], TestGateway.RefusingUrl(), ["bench", "--model", "m", .. wrong]);

        Assert.Equal(2, run.Code);
        Assert.Matches("^gateway: .*(--|images).+\n$", run.Errors);
    }

    private static Task<EngineStandIn> ServerAsync(params string[] pieces) =>
        EngineStandIn.StartAsync(context => EngineStandIn.StreamAsync(context, pieces));

    private static Task<CommandRun> OnAsync(EngineStandIn server, params string[] options) =>
        CommandRun.WithAsync([], server.Url, ["bench", "--model", "m", "--json", .. options]);

    private static int Number(CommandRun run, string name) => run.Json.GetProperty(name).GetInt32();

    private static string PromptOf(SeenRequest request) =>
        JsonElement.Parse(request.Body).GetProperty("messages")[0].GetProperty("content").GetString()!;
}
