using System.Text;
using Gateway.Actors.Engines;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Tests.Engines;

/// <summary>What engines say of their load, in numbers.</summary>
public sealed class EngineLoadTests
{
    [Fact]
    public void Ranks_are_added_up_and_their_usage_averaged()
    {
        var load = SgLang("""
            {"loads":[
              {"num_running_reqs":1,"num_waiting_reqs":2,"num_waiting_uncached_tokens":30,"num_used_tokens":40,"max_total_num_tokens":100,"token_usage":0.4,"gen_throughput":50.5},
              {"num_running_reqs":3,"num_waiting_reqs":0,"num_waiting_uncached_tokens":0,"num_used_tokens":60,"max_total_num_tokens":100,"token_usage":0.6,"gen_throughput":49.5}]}
            """)!;
        Assert.Equal((4, 2, 30L, 100L, 200L), (load.Running, load.Waiting, load.QueuedTokens, load.UsedTokens, load.CapacityTokens));
        Assert.Equal((0.5, 100.0), (load.KvUsage, load.Throughput));
    }

    [Theory]
    [InlineData("""{"loads":[{"num_waiting_reqs":2}]}""")]
    [InlineData("""{"loads":[{"num_waiting_reqs":2,"num_waiting_uncached_tokens":"many"}]}""")]
    [InlineData("""{"loads":[{"num_waiting_reqs":1,"num_waiting_uncached_tokens":5},{"num_waiting_reqs":1}]}""")]
    public void What_one_rank_leaves_out_is_not_known(string json)
    {
        var load = SgLang(json)!;
        Assert.Equal((2, null, 0.0, 0.0), (load.Waiting, load.QueuedTokens, load.KvUsage, load.Throughput));
    }

    [Theory]
    [InlineData("""{"loads":[{"num_waiting_reqs":-7,"token_usage":1e300}]}""")]
    [InlineData("""{"loads":[{"num_running_reqs":1e30}]}""")]
    public void Figures_that_make_no_sense_do_no_harm(string json)
    {
        var load = SgLang(json)!;
        Assert.InRange(load.Waiting, 0, int.MaxValue);
        Assert.InRange(load.Running, 0, int.MaxValue);
    }

    [Fact]
    public void An_engine_without_ranks_has_no_load() => Assert.Null(SgLang("""{"loads":[]}"""));

    [Fact]
    public void The_older_list_of_SGLang_is_understood()
    {
        var report = EngineLoadReader.ReadSgLangLoad("""[{"dp_rank":0,"num_reqs":5,"num_waiting_reqs":2,"num_tokens":90}]"""u8.ToArray())!;
        var load = EngineLoad.From(report, 0, 0)!;
        Assert.Equal((3, 2, null, 90L), (load.Running, load.Waiting, load.QueuedTokens, load.UsedTokens));
    }

    [Fact]
    public void The_engines_of_vLLMs_metrics_are_its_ranks()
    {
        var report = EngineLoadReader.ReadVllmMetrics("""
            vllm:num_requests_running{engine="1",model_name="m"} 5.0
            vllm:num_requests_running{engine="0",model_name="m"} 3.0
            vllm:kv_cache_usage_perc{engine="0",model_name="m"} 0.25
            vllm:kv_cache_usage_perc{engine="1",model_name="m"} 0.5
            vllm:cache_config_info{block_size="16",engine="0",num_gpu_blocks="100"} 1.0
            vllm:cache_config_info{block_size="16",engine="1",num_gpu_blocks="100"} 1.0
            vllm:generation_tokens_total{engine="0",model_name="m"} 7.0
            vllm:generation_tokens_total{engine="1",model_name="m"} 8.0
            """)!;
        Assert.Equal((1200L, 2, 15.0), (report.UsedTokens, report.Ranks.Count, report.TokensProcessed));
        var load = EngineLoad.From(report.About(WorkerUrl.Parse("http://a:1@1")), 0, 0)!;
        Assert.Equal((5, 800L, 1600L, 0.5), (load.Running, load.UsedTokens, load.CapacityTokens, load.KvUsage));
    }

    [Fact]
    public void A_count_that_fell_belongs_to_a_new_process_and_gives_no_throughput()
    {
        var earlier = new EngineLoad { TokensProcessed = 500 };
        Assert.Equal(0, new EngineLoad { TokensProcessed = 100 }.Since(earlier, TimeSpan.FromSeconds(10)).Throughput);
        Assert.Equal(50, new EngineLoad { TokensProcessed = 1000 }.Since(earlier, TimeSpan.FromSeconds(10)).Throughput);
        Assert.Equal(7, new EngineLoad { TokensProcessed = 1000, Throughput = 7 }.Since(earlier, TimeSpan.FromSeconds(10)).Throughput);
        Assert.Equal(0, new EngineLoad { TokensProcessed = 1000 }.Since(null, TimeSpan.Zero).Throughput);
    }

    private static EngineLoad? SgLang(string json) =>
        EngineLoadReader.ReadSgLangLoads(Encoding.UTF8.GetBytes(json)) is { } report ? EngineLoad.From(report, 0, 0) : null;
}
