using System.Text.Json;
using Gateway.Actors.Engines.Generation;
using Gateway.Actors.Engines.SgLang;
using Gateway.Actors.Engines.Vllm;
using Gateway.Actors.Tests.Support;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Tests.Engines.Generation;

/// <summary>What the halves of a pair are asked.</summary>
public sealed class PairingTests
{
    private static readonly GenerationRequest Request = new()
    {
        RequestId = "mg-1",
        PromptTokens = new[] { 1, 2, 3 },
        Sampling = SamplingSettings.Default with { MaxTokens = 20, MinTokens = 5, Stop = ["x"], StopTokens = [4], Temperature = 0 },
        Constraint = new OutputConstraint(ConstraintKind.Regex, "a*"),
        Stream = true,
        TopLogprobs = 2,
        PromptLogprobsFrom = 0,
    };

    [Fact]
    public void SGLangs_halves_are_asked_the_same_at_once_and_meet_in_one_room()
    {
        var asked = new SgLangPairing().Divide(Request, Worker("grpc://p:1"), Worker("grpc://d:2"));

        Assert.False(asked.IsSequential);
        Assert.Equal(asked.Prefill.Bootstrap, asked.Decode.Bootstrap);
        Assert.Equal(("p", 8998), (asked.Prefill.Bootstrap!.Host, asked.Prefill.Bootstrap.Port));
        Assert.NotEqual(asked.Prefill.RequestId, asked.Decode.RequestId);
        // The first token is the prefill half's.
        Assert.Equal((Request.Sampling, Request.Constraint), (asked.Prefill.Sampling, asked.Prefill.Constraint));
        Assert.Equal((Request.Sampling, Request.Constraint), (asked.Decode.Sampling, asked.Decode.Constraint));
        Assert.Equal((false, true), (asked.Prefill.Stream, asked.Decode.Stream));
        Assert.Equal((0, (int?)null), (asked.Prefill.PromptLogprobsFrom, asked.Decode.PromptLogprobsFrom));
    }

    [Fact]
    public void Rooms_are_not_used_twice_and_have_31_bits()
    {
        var pairing = new SgLangPairing();
        var rooms = Enumerable.Range(0, 100).Select(_ => pairing.Divide(Request, Worker("grpc://p:1"), Worker("grpc://d:2")).Prefill.Bootstrap!.Room).ToArray();

        Assert.Equal(100, rooms.Distinct().Count());
        Assert.All(rooms, static room => Assert.InRange(room, 0, int.MaxValue));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void The_room_tells_SGLangs_decode_worker_which_rank_has_the_prompt(int rank)
    {
        var prefill = Worker($"grpc://p:1@{rank}", ranks: 3);
        for (var i = 0; i < 20; i++)
        {
            var asked = new SgLangPairing().Divide(Request, prefill, Worker("grpc://d:2@1", ranks: 2));
            Assert.Equal(rank, asked.Prefill.Bootstrap!.Room % 3);
            Assert.Equal((rank, 1), (asked.Prefill.DataParallelRank, asked.Decode.DataParallelRank));
        }
    }

    [Fact]
    public void Over_NIXL_vLLMs_decode_half_is_asked_with_what_the_prefill_half_tells()
    {
        var asked = new VllmPairing().Divide(Request, Worker("grpc://p:1", "NixlConnector"), Worker("grpc://d:2", "NixlConnector"))!;

        Assert.True(asked.IsSequential);
        Assert.Equal("""{"do_remote_decode":true,"do_remote_prefill":false}""", asked.Prefill.KvTransferJson);
        Assert.Null(asked.Decode.KvTransferJson);
        Assert.Equal("{\"a\":1}", asked.DecodeAfter("{\"a\":1}").KvTransferJson);
        Assert.Null(asked.DecodeAfter(null).KvTransferJson);
    }

    [Fact]
    public void Nothing_but_its_length_ends_a_prefill_of_vLLM()
    {
        var asked = new VllmPairing().Divide(Request, Worker("grpc://p:1"), Worker("grpc://d:2"))!;

        var sampling = asked.Prefill.Sampling;
        Assert.Equal((1, 0, true), (sampling.MaxTokens, sampling.MinTokens, sampling.IgnoresEndOfText));
        Assert.Empty(sampling.Stop);
        Assert.Empty(sampling.StopTokens);
        Assert.Null(asked.Prefill.Constraint);
        Assert.Equal(Request.Sampling, asked.Decode.Sampling);
        Assert.Equal(Request.Constraint, asked.Decode.Constraint);
    }

    [Theory]
    [InlineData(null, 1, "e1")]
    [InlineData(2, 4, "e1_dp2")]
    public void Over_Mooncake_the_gateway_names_the_transfer_and_tells_where_it_is(int? rank, int ranks, string engine)
    {
        var url = rank is null ? "grpc://p:1" : $"grpc://p:1@{rank}";

        var asked = new VllmPairing().Divide(Request, Worker(url, "MooncakeConnector", "e1", ranks, port: 7777), Worker("grpc://d:2"))!;

        var (prefill, decode) = (Json(asked.Prefill.KvTransferJson), Json(asked.DecodeAfter(null).KvTransferJson));
        var transfer = prefill.GetProperty("transfer_id").GetString();
        Assert.Equal((true, false), (prefill.GetProperty("do_remote_decode").GetBoolean(), prefill.GetProperty("do_remote_prefill").GetBoolean()));
        Assert.Equal((false, true), (decode.GetProperty("do_remote_decode").GetBoolean(), decode.GetProperty("do_remote_prefill").GetBoolean()));
        Assert.Equal(transfer, decode.GetProperty("transfer_id").GetString());
        Assert.Equal(engine, decode.GetProperty("remote_engine_id").GetString());
        Assert.Equal("http://p:7777", decode.GetProperty("remote_bootstrap_addr").GetString());
    }

    [Theory]
    [InlineData("e1", 4)]
    [InlineData(null, 1)]
    public void Without_an_engine_to_name_nothing_is_passed_on_over_Mooncake(string? engine, int ranks) =>
        Assert.Null(new VllmPairing().Divide(Request, Worker("grpc://p:1", "MooncakeConnector", engine, ranks), Worker("grpc://d:2")));

    [Fact]
    public void Several_choices_of_vLLM_are_not_divided() => Assert.Null(new VllmPairing().Divide(
        Request with { Sampling = SamplingSettings.Default with { Choices = 2 } }, Worker("grpc://p:1", "NixlConnector"), Worker("grpc://d:2")));

    [Fact]
    public void A_label_goes_before_what_the_engine_tells_of_its_connector()
    {
        var labels = new Labels([KeyValuePair.Create("kv_connector", "mooncake"), KeyValuePair.Create("kv_engine_id", "mine")]);

        var asked = new VllmPairing().Divide(Request, Worker("grpc://p:1", "NixlConnector", "e1", labels: labels), Worker("grpc://d:2"))!;

        Assert.Equal("mine", Json(asked.Decode.KvTransferJson).GetProperty("remote_engine_id").GetString());
    }

    private static JsonElement Json(string? text) => JsonDocument.Parse(text!).RootElement;

    private static Worker Worker(string url, string? connector = null, string? engine = null, int ranks = 1, int? port = null, Labels? labels = null) => new(
        new WorkerId(Guid.NewGuid()),
        1,
        1,
        Make.Spec(url) with { BootstrapPort = port, Labels = labels ?? Labels.None },
        Make.Facts("m") with { Mode = ConnectionMode.Grpc, DataParallelSize = ranks, Model = new EngineModelFacts { KvConnector = connector, KvEngineId = engine } },
        BreakerSettings.Default,
        new ManualTime());
}
