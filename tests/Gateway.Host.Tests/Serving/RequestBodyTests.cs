using System.Buffers;
using Gateway.Host.Serving;

namespace Gateway.Host.Tests.Serving;

public class RequestBodyTests
{
    [Fact]
    public void The_array_stays_while_an_attempt_is_still_sending_it()
    {
        var array = ArrayPool<byte>.Shared.Rent(16);
        array.AsSpan(0, 3).Fill(7);
        var body = new RequestBody(array, 3);
        Assert.True(body.TryHold());
        body.Release();

        Assert.Equal([7, 7, 7], body.Span.ToArray());
        body.Release();

        Assert.False(body.TryHold());
        Assert.Throws<ObjectDisposedException>(() => body.Memory);
    }
}
