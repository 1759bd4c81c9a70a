using System.Text;

namespace Gateway.LoadBench.Client;

/// <summary>
/// The answer that a worker gives when it is asked directly. An arm's answer counts only if it is the same to the last byte,
/// which for a stream includes every event and the final <c>[DONE]</c>.
/// </summary>
internal sealed class Expected
{
    private readonly byte[] _body;
    private readonly byte[] _end;

    private Expected(byte[] body, byte[]? end = null)
    {
        _body = body;
        _end = end ?? [];
    }

    /// <summary>Events of the answer that did not come; 0 of one that is no stream.</summary>
    public int Lost(ReadOnlySpan<byte> received) => Math.Max(0, _body.AsSpan().Count("\n\n"u8) - received.Count("\n\n"u8));

    private bool IsExact => _end.Length == 0;

    /// <summary>Of answers that are never twice the same: one that is complete, and says at its end how many tokens it has.</summary>
    public static Expected WithUsage(string usage, bool isStream) =>
        new(Encoding.UTF8.GetBytes(usage), isStream ? "data: [DONE]\n\n"u8.ToArray() : "}"u8.ToArray());

    public static async Task<Expected> AskAsync(Uri worker, Workload workload)
    {
        using var connection = new HttpConnection(worker);
        var answer = await connection.SendAsync(workload.Request);
        var body = answer.Body.ToArray();
        if (answer.Status != 200 || (workload.IsStream && !body.AsSpan().EndsWith("data: [DONE]\n\n"u8)))
            throw new InvalidOperationException($"The worker itself fails on '{workload.Name}'.");
        return new Expected(body);
    }

    public bool IsMetBy(in Answer answer)
    {
        if (answer.Status != 200)
            return false;
        var body = answer.Body.Span;
        return IsExact ? body.SequenceEqual(_body) : body.EndsWith(_end) && body.LastIndexOf(_body) >= 0;
    }
}
