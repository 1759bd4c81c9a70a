namespace Gateway.LoadBench.Client;

/// <summary>
/// The answer that a worker gives when it is asked directly. An arm's answer counts only if it is the same to the last byte,
/// which for a stream includes every event and the final <c>[DONE]</c>.
/// </summary>
internal sealed class Expected
{
    private readonly byte[] _body;

    private Expected(byte[] body)
    {
        _body = body;
    }

    public static async Task<Expected> AskAsync(Uri worker, Workload workload)
    {
        using var connection = new HttpConnection(worker);
        var answer = await connection.SendAsync(workload.Request);
        var body = answer.Body.ToArray();
        if (answer.Status != 200 || (workload.IsStream && !body.AsSpan().EndsWith("data: [DONE]\n\n"u8)))
            throw new InvalidOperationException($"The worker itself fails on '{workload.Name}'.");
        return new Expected(body);
    }

    public bool IsMetBy(in Answer answer) => answer.Status == 200 && answer.Body.Span.SequenceEqual(_body);
}
