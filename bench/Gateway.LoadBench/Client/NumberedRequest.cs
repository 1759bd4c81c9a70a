using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Gateway.LoadBench.Client;

/// <summary>A request of one connection, which is made another one before each time it is sent: its prompt gets a number that no other has had.</summary>
internal sealed class NumberedRequest
{
    private static long s_last;

    private readonly byte[] _request;
    private readonly int _place;

    public NumberedRequest(Workload workload)
    {
        _request = workload.Request.ToArray();
        _place = _request.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Workload.Number));
    }

    /// <returns>Valid until the next call.</returns>
    public ReadOnlyMemory<byte> Next()
    {
        Utf8Formatter.TryFormat(
            Interlocked.Increment(ref s_last), _request.AsSpan(_place), out _, new StandardFormat('D', (byte)Workload.Number.Length));
        return _request;
    }
}
