namespace Gateway.Host.Serving.Pairs;

/// <summary>The body of a decode worker's answer: it breaks off if the prefill half fails before its first byte, and not after it.</summary>
/// <param name="body">As it comes from the worker.</param>
/// <param name="fate">Of the pair.</param>
internal sealed class DecodeAnswer(Stream body, PairFate fate) : ReadOnlyStream
{
    private bool _hasBegun;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _hasBegun ? body.ReadAsync(buffer, cancellationToken) : ReadFirstAsync(buffer);

    private async ValueTask<int> ReadFirstAsync(Memory<byte> buffer)
    {
        var read = await body.ReadAsync(buffer, fate.DecodeToken);
        if (read == 0)
            return 0;
        _hasBegun = true;
        return fate.TryHandOver() ? read : throw new IOException("The prefill failed.");
    }
}
