using System.Globalization;
using System.Text;
using Gateway.Actors.Workers;

namespace Gateway.Host.Serving;

/// <summary>
/// Tells an engine which of its data-parallel ranks is to serve a request, where the worker is one rank (<c>url@rank</c>): SGLang reads it
/// in the body (<c>GenerateReqInput.data_parallel_rank</c>), vLLM in a header.
/// </summary>
internal static class DataParallelRank
{
    public const string Header = "X-data-parallel-rank";

    /// <summary>Adds the member for the rank to those for the end of a body.</summary>
    public static ReadOnlyMemory<byte> AddTo(ReadOnlyMemory<byte> members, Worker worker)
    {
        if (worker.Spec.Url.Rank is not { } rank || IsInHeader(worker))
            return members;
        return Append(members, "data_parallel_rank", rank);
    }

    /// <summary>
    /// Adds the member that tells a decode worker which rank of the prefill worker has the KV cache; SGLang would ask the bootstrap server else.
    /// </summary>
    public static ReadOnlyMemory<byte> AddOfPrefill(ReadOnlyMemory<byte> members, Worker prefill) =>
        prefill.Spec.Url.Rank is { } rank ? Append(members, "disagg_prefill_dp_rank", rank) : members;

    /// <summary>Puts the rank into the header, over what the client has sent, where the engine looks for it there.</summary>
    public static void AddTo(HttpRequestMessage message, Worker worker)
    {
        if (worker.Spec.Url.Rank is not { } rank || !IsInHeader(worker))
            return;
        message.Headers.Remove(Header);
        message.Headers.Add(Header, rank.ToString(CultureInfo.InvariantCulture));
    }

    private static bool IsInHeader(Worker worker) => worker.Facts.Runtime == EngineRuntime.Vllm;

    private static byte[] Append(ReadOnlyMemory<byte> members, string name, int rank) =>
        [.. members.Span, .. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $",\"{name}\":{rank}"))];
}
