using Gateway.Simulator.Tests.Http;
using Gateway.Wire.SgLang;
using Grpc.Core;

namespace Gateway.Simulator.Tests.Grpc;

public sealed class GrpcPairTests : IAsyncLifetime
{
    private GrpcBench _prefill = null!;
    private GrpcBench _decode = null!;

    public async Task InitializeAsync()
    {
        var options = new SimulatorOptions { Timings = EngineTimings.Fast };
        _prefill = await GrpcBench.StartAsync(options with { Role = SimulatorRole.Prefill });
        _decode = await GrpcBench.StartAsync(options with { Role = SimulatorRole.Decode });
    }

    public async Task DisposeAsync()
    {
        await _prefill.DisposeAsync();
        await _decode.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_halves_of_a_pair_meet_over_their_room(bool stream)
    {
        await using var regular = await GrpcBench.StartAsync();
        var expected = Tokens(await regular.GenerateAsync(GrpcBench.SgLangRequest(stream: stream)));

        var decoding = _decode.GenerateAsync(InRoom(GrpcBench.SgLangRequest(stream: stream)));
        var prefilled = await _prefill.GenerateAsync(InRoom(GrpcBench.SgLangRequest(stream: stream)));

        Assert.Equal(expected, Tokens(await decoding));
        Assert.Equal(("length", 1u), (prefilled[^1].Complete.FinishReason, prefilled[^1].Complete.CompletionTokens));
        Assert.Equal((1, 1), (_prefill.Stats.RoomsHandedOver, _decode.Stats.RoomsHandedOver));
    }

    [Fact]
    public async Task A_decode_whose_prefill_dies_fails_and_says_so()
    {
        var decoding = _decode.FailAsync(InRoom(GrpcBench.SgLangRequest()));
        await Eventually.BecomesTrueAsync(() => _decode.Stats.RoomsOpen == 1);

        await _prefill.Worker.CrashAsync();

        Assert.Equal(StatusCode.Internal, (await decoding).StatusCode);
    }

    [Fact]
    public async Task Without_a_room_it_is_an_invalid_argument()
    {
        Assert.Equal(StatusCode.InvalidArgument, (await _prefill.FailAsync(GrpcBench.SgLangRequest())).StatusCode);
        Assert.Equal(StatusCode.InvalidArgument, (await _decode.FailAsync(GrpcBench.SgLangRequest())).StatusCode);
    }

    private static IEnumerable<uint> Tokens(List<GenerateResponse> answer) =>
        answer is [{ Chunk: null } whole] ? whole.Complete.OutputIds : answer[..^1].SelectMany(static message => message.Chunk.TokenIds);

    private GenerateRequest InRoom(GenerateRequest request)
    {
        request.DisaggregatedParams = new DisaggregatedParams { BootstrapHost = "127.0.0.1", BootstrapPort = _prefill.Worker.BootstrapPort!.Value, BootstrapRoom = 7 };
        return request;
    }
}
