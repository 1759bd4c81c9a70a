using System.Net;
using Gateway.Actors.Tests.Support.Fakes;
using Gateway.Actors.Workers;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.Support;
using Gateway.Simulator;
using Grpc.Core;
using Eventually = Gateway.Host.Tests.Support.Eventually;

namespace Gateway.Host.Tests.EndToEnd.Texts;

/// <summary>Tokenizers that nobody has configured come from the workers.</summary>
public sealed class FetchedTextTests
{
    [Fact]
    public async Task A_model_whose_worker_gives_its_tokenizer_is_served_without_any_configuration()
    {
        var engine = new FakeSgLang { OnGetTokenizer = ByteTokenizer.GiveAsync };
        await using var gateway = await TextGateway.StartAsync(engine);
        await gateway.UntilKnownAsync();

        using var response = await gateway.CompleteAsync("Sag was: ä");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(ByteTokenizer.Tokens("Sag was: ä"), engine.Requests.Single().Tokenized.InputIds);
    }

    [Fact]
    public async Task An_engine_that_runs_on_its_own_gives_its_tokenizer_and_answers_in_its_tokens()
    {
        var folder = ByteTokenizer.Folder();
        await using var engines = await SimulatedFleet.StartAsync(1, new SimulatorOptions
        {
            Protocol = SimulatorProtocol.Grpc,
            TokenizerFolder = folder,
            Tokenizer = static text => [.. ByteTokenizer.Tokens(text).Select(static token => (int)token)],
            Script = AnswerScript.OfTexts("Grüße 👋"),
        });
        await using var gateway = await TextGateway.StartAsync(static options => options, [$"grpc://127.0.0.1:{engines.Workers[0].Port}"]);
        await gateway.UntilKnownAsync("sim-8b");

        var answer = await TextGateway.AnswerAsync(gateway.CompleteAsync(model: "sim-8b"), HttpStatusCode.OK);

        Assert.Equal("Grüße 👋", answer.GetProperty("choices")[0].GetProperty("text").GetString());
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Until_the_tokenizer_is_here_clients_are_told_to_come_back_and_the_gateway_is_not_ready()
    {
        var giving = new TaskCompletionSource();
        var engine = new FakeSgLang
        {
            OnGetTokenizer = async answer =>
            {
                await giving.Task;
                await ByteTokenizer.GiveAsync(answer);
            },
        };
        await using var gateway = await TextGateway.StartAsync(engine);

        using var early = await gateway.CompleteAsync();
        using var notReady = await gateway.Client.GetAsync("/readiness");
        giving.SetResult();
        await gateway.UntilKnownAsync();
        using var later = await gateway.CompleteAsync();
        using var ready = await gateway.Client.GetAsync("/readiness");

        await ApiAssert.ErrorAsync(early, 503, "tokenizer_loading");
        Assert.NotNull(early.Headers.RetryAfter);
        Assert.Equal("""{"status":"not ready","reason":"tokenizer not yet registered"}""", await notReady.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
        Assert.Equal("""{"status":"ready","healthy_workers":1,"total_workers":1}""", await ready.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Until_then_requests_go_to_the_models_workers_over_HTTP_if_it_has_some()
    {
        await using var engine = await EngineStandIn.StartAsync(static context => context.Request.Path.Value switch
        {
            "/health" => Task.CompletedTask,
            "/v1/models" => EngineStandIn.AnswerJsonAsync(context, """{"data": [{"id": "m", "owned_by": "sglang"}]}"""),
            "/v1/completions" => EngineStandIn.AnswerJsonAsync(context, """{"object":"text_completion","from":"http"}"""),
            _ => EngineStandIn.AnswerJsonAsync(context, "{}", 404),
        });
        var withoutTokenizer = new FakeSgLang();
        await using var gateway = await TextGateway.StartAsync(
            options => options with { Fleet = options.Fleet with { WorkerUrls = [.. options.Fleet.WorkerUrls, WorkerUrl.Parse(engine.Url)] } }, withoutTokenizer);
        await Eventually.HoldsAsync(() => gateway.Ready == 2, "both workers are ready");

        for (var i = 0; i < 4; i++)
        {
            var answer = await TextGateway.AnswerAsync(gateway.CompleteAsync(), HttpStatusCode.OK);
            Assert.Equal("http", answer.GetProperty("from").GetString());
        }

        Assert.Empty(withoutTokenizer.Requests);
    }

    [Fact]
    public async Task A_worker_that_gives_none_is_passed_over()
    {
        await using var gateway = await TextGateway.StartAsync(new FakeSgLang(), new FakeSgLang { OnGetTokenizer = ByteTokenizer.GiveAsync });

        await gateway.UntilKnownAsync();
    }

    [Fact]
    public async Task A_worker_that_fails_is_asked_again()
    {
        var asked = 0;
        await using var gateway = await TextGateway.StartAsync(new FakeSgLang
        {
            OnGetTokenizer = answer => Interlocked.Increment(ref asked) < 3
                ? throw new RpcException(new Status(StatusCode.Unavailable, "not yet"))
                : ByteTokenizer.GiveAsync(answer),
        });

        await gateway.UntilKnownAsync();

        Assert.Equal(3, asked);
    }

    [Fact]
    public async Task If_all_workers_refuse_the_operator_is_told_once_what_to_do_and_clients_not_to_wait()
    {
        var asked = 0;
        var refusing = new TaskCompletionSource();
        await using var gateway = await TextGateway.StartAsync(new FakeSgLang
        {
            OnGetTokenizer = async _ =>
            {
                await refusing.Task;
                Interlocked.Increment(ref asked);
                throw new RpcException(new Status(StatusCode.Unimplemented, "no such thing"));
            },
        });
        var logs = gateway.CaptureLogs();
        refusing.SetResult();
        await Eventually.HoldsAsync(() => Volatile.Read(ref asked) >= 3, "it was asked again and again");

        using var response = await gateway.CompleteAsync();
        using var ready = await gateway.Client.GetAsync("/readiness");

        await ApiAssert.ErrorAsync(response, 503, "tokenizer_unavailable");
        Assert.Null(response.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Contains("tokenizer_path", Assert.Single(logs.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tokenizer_that_makes_no_sense_is_refused()
    {
        await using var gateway = await TextGateway.StartAsync(new FakeSgLang { OnGetTokenizer = static answer => ByteTokenizer.GiveAsync(answer, """{"model":[]}""") });

        await Eventually.HoldsAsync(() => gateway.Texts.Table.Fetched.Values.Any(static entry => entry.Reason.Length > 0), "it was refused");
        using var response = await gateway.CompleteAsync();

        await ApiAssert.ErrorAsync(response, 503, "tokenizer_unavailable");
    }

    [Fact]
    public async Task A_worker_that_joins_may_give_it()
    {
        var first = new FakeSgLang();
        await using var gateway = await TextGateway.StartAsync(first);
        await Eventually.HoldsAsync(() => gateway.Texts.Table.Fetched.Values.Any(static entry => entry.Reason.Length > 0), "the first one has none");
        await using var second = await GrpcServer.StartAsync(new FakeSgLang { OnGetTokenizer = ByteTokenizer.GiveAsync });

        using var added = await gateway.PostAsync("/workers", $$"""{"url":"grpc://127.0.0.1:{{second.Port}}"}""");
        await gateway.UntilKnownAsync();

        Assert.Equal(HttpStatusCode.Accepted, added.StatusCode);
    }

    [Fact]
    public async Task The_tokenizer_of_a_model_that_is_gone_is_forgotten_and_of_one_that_is_down_is_kept()
    {
        var asked = 0;
        var engine = new FakeSgLang
        {
            OnGetTokenizer = answer =>
            {
                Interlocked.Increment(ref asked);
                return ByteTokenizer.GiveAsync(answer);
            },
        };
        var server = await GrpcServer.StartAsync(engine);
        await using var gateway = await TextGateway.StartAsync(static options => options, [$"grpc://127.0.0.1:{server.Port}"]);
        await gateway.UntilKnownAsync();
        var worker = gateway.View.Current.Workers.Values.Single().Worker;

        var port = server.Port;
        await server.DisposeAsync();
        await Eventually.HoldsAsync(() => gateway.Ready == 0, "it is down");
        await using var revived = await GrpcServer.StartAsync(engine, port: port);
        await Eventually.HoldsAsync(() => gateway.Ready == 1, "it is back");
        await gateway.UntilKnownAsync();
        var askedWhileListed = asked;
        using var removed = await gateway.Client.DeleteAsync($"/workers/{worker.Id}?force=true");
        await Eventually.HoldsAsync(() => gateway.Texts.Table.Fetched.IsEmpty, "it is forgotten");
        using var added = await gateway.PostAsync("/workers", $$"""{"url":"{{worker.Spec.Url.Text}}"}""");
        await gateway.UntilKnownAsync();

        Assert.Equal((1, 2), (askedWhileListed, asked));
    }

    [Fact]
    public async Task No_worker_is_asked_if_the_operator_does_not_want_it()
    {
        var asked = 0;
        var engine = new FakeSgLang
        {
            OnGetTokenizer = answer =>
            {
                Interlocked.Increment(ref asked);
                return ByteTokenizer.GiveAsync(answer);
            },
        };
        await using var gateway = await TextGateway.StartAsync(static options => options with { Text = options.Text with { DisableFetching = true } }, engine);

        using var response = await gateway.CompleteAsync();

        await ApiAssert.ErrorAsync(response, 503, "tokenizer_unavailable");
        Assert.Equal(0, asked);
    }
}
