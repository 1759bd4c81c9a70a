using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Gateway.Host.Api;
using Gateway.Host.Configuration;

namespace Gateway.Host.Serving;

/// <summary>Reads a request's body once, into a pooled array.</summary>
internal sealed class RequestBodyReader(GatewayOptions options)
{
    private const int SmallestArray = 4096;

    /// <summary>
    /// A client's Content-Length is believed up to here, 1 MiB; a larger body makes the array grow as it comes in,
    /// so that an announcement alone costs no memory.
    /// </summary>
    private const int LargestOnTrust = 1024 * 1024;

    private readonly int _limit = (int)Math.Clamp(options.Limits.MaxPayloadSize, 0, Array.MaxLength);

    /// <summary>Reads the body into the exchange.</summary>
    /// <returns>Null, or why it was refused.</returns>
    /// <exception cref="BadHttpRequestException">It is not well-formed HTTP.</exception>
    /// <exception cref="IOException">The client went away; so says <see cref="OperationCanceledException"/>.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<GatewayError?> ReadAsync(Exchange exchange)
    {
        var request = exchange.Context.Request;
        if (request.Headers.ContentEncoding is [var encoding] && !string.Equals(encoding, "identity", StringComparison.OrdinalIgnoreCase))
            return GatewayError.EncodedBody;
        var announced = request.ContentLength ?? 0;
        if (announced > _limit)
            return GatewayError.BodyTooLarge(_limit);

        var reader = request.BodyReader;
        var array = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(announced, SmallestArray, LargestOnTrust));
        try
        {
            var length = 0;
            while (true)
            {
                var result = await reader.ReadAsync();
                var buffer = result.Buffer;
                if (buffer.Length > _limit - length)
                {
                    reader.AdvanceTo(buffer.End);
                    return GatewayError.BodyTooLarge(_limit);
                }

                length = Append(ref array, length, buffer);
                reader.AdvanceTo(buffer.End);
                if (result.IsCompleted)
                    break;
            }

            exchange.Body = new RequestBody(array, length);
            array = null;
            return null;
        }
        finally
        {
            if (array is not null)
                ArrayPool<byte>.Shared.Return(array);
        }
    }

    private static int Append(ref byte[] array, int length, in ReadOnlySequence<byte> buffer)
    {
        var needed = length + (int)buffer.Length;
        if (needed > array.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(2L * array.Length, needed, Array.MaxLength));
            array.AsSpan(0, length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(array);
            array = larger;
        }

        buffer.CopyTo(array.AsSpan(length));
        return needed;
    }
}
