using System.IO.Compression;
using System.Security.Cryptography;
using Gateway.Wire.Common;
using Gateway.Wire.SgLang;
using Grpc.Core;

namespace Gateway.Simulator.Tests.Grpc;

public sealed class ScriptTests
{
    private static readonly SimulatorOptions _options = new() { Timings = EngineTimings.Instant };

    [Fact]
    public async Task Scripted_tokens_are_the_answer_and_then_it_stops()
    {
        await using var bench = await GrpcBench.StartAsync(_options with { Script = AnswerScript.OfTokens(5, 900_000, 7) });

        var end = await WholeAsync(bench);

        Assert.Equal([5u, 900_000, 7], end.OutputIds);
        Assert.Equal(("stop", 2u), (end.FinishReason, end.MatchedTokenId));
    }

    [Fact]
    public async Task Scripted_texts_are_made_into_tokens_one_by_one()
    {
        await using var bench = await GrpcBench.StartAsync(_options with { Script = AnswerScript.OfTexts("<a>", "b"), Tokenizer = OneOfALetter });

        Assert.Equal("<a>b".Select(static letter => (uint)letter), (await WholeAsync(bench)).OutputIds);
    }

    [Fact]
    public async Task A_script_is_cut_by_the_request_s_own_limits()
    {
        await using var bench = await GrpcBench.StartAsync(_options with { Script = AnswerScript.OfTexts("one", " two", " three"), Tokenizer = OneOfALetter });

        var cut = await WholeAsync(bench, static sampling => sampling.MaxNewTokens = 4);
        var stopped = await WholeAsync(bench, static sampling => sampling.Stop.Add("tw"));

        Assert.Equal(("length", 4), (cut.FinishReason, cut.OutputIds.Count));
        Assert.Equal(("stop", "tw", "one two".Length), (stopped.FinishReason, stopped.MatchedStopStr, stopped.OutputIds.Count));
    }

    [Fact]
    public async Task A_script_with_the_token_that_ends_a_text_ends_there()
    {
        await using var bench = await GrpcBench.StartAsync(_options with { Script = AnswerScript.OfTokens(5, 2, 7) });

        Assert.Equal([5u, 2], (await WholeAsync(bench)).OutputIds);
        Assert.Equal([5u, 2, 7], (await WholeAsync(bench, static sampling => sampling.IgnoreEos = true)).OutputIds);
    }

    [Fact]
    public async Task With_a_tokenizer_the_filler_text_is_in_its_tokens()
    {
        await using var bench = await GrpcBench.StartAsync(_options with { Tokenizer = OneOfALetter });

        var text = string.Concat((await WholeAsync(bench, static sampling => (sampling.MaxNewTokens, sampling.IgnoreEos) = (60, true))).OutputIds.Select(static id => (char)id));

        Assert.StartsWith("[simulated engine, no model] ", text, StringComparison.Ordinal);
        Assert.Equal(60, text.Length);
    }

    [Fact]
    public async Task A_tokenizer_is_sent_as_a_ZIP_whose_digest_comes_with_its_last_piece()
    {
        var folder = Directory.CreateTempSubdirectory("simulator-tokenizer");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "tokenizer.json"), "{}");
            await File.WriteAllBytesAsync(Path.Combine(folder.FullName, "tokenizer.model"), RandomNumberGenerator.GetBytes(200_000));
            await using var bench = await GrpcBench.StartAsync(_options with { TokenizerFolder = folder.FullName });
            using var call = bench.SgLang.GetTokenizer(new GetTokenizerRequest());

            var pieces = await call.ResponseStream.ReadAllAsync().ToListAsync();

            byte[] zip = [.. pieces.SelectMany(static piece => piece.Data)];
            Assert.True(pieces.Count > 3);
            Assert.All(pieces[..^1], static piece => Assert.Empty(piece.Sha256));
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(zip)), pieces[^1].Sha256);
            using var archive = new ZipArchive(new MemoryStream(zip));
            Assert.Equal(["tokenizer.json", "tokenizer.model"], archive.Entries.Select(static entry => entry.FullName));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Without_a_folder_there_is_no_tokenizer()
    {
        await using var bench = await GrpcBench.StartAsync(_options);
        using var call = bench.SgLang.GetTokenizer(new GetTokenizerRequest());

        var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(CancellationToken.None));

        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
    }

    private static int[] OneOfALetter(string text) => [.. text.Select(static letter => (int)letter)];

    private static async Task<GenerateComplete> WholeAsync(GrpcBench bench, Action<SamplingParams>? change = null)
    {
        var request = GrpcBench.SgLangRequest(stream: false);
        change?.Invoke(request.SamplingParams);
        return Assert.Single(await bench.GenerateAsync(request)).Complete;
    }
}
