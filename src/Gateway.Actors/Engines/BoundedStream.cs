namespace Gateway.Actors.Engines;

/// <summary>Writes through to another stream, up to a number of bytes.</summary>
internal sealed class BoundedStream(Stream target, long limit) : Stream
{
    private long _written;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="IOException">The limit is passed.</exception>
    public override void Write(byte[] buffer, int offset, int count)
    {
        _written += count;
        if (_written > limit)
            throw new IOException($"the answer is longer than {limit} bytes");
        target.Write(buffer, offset, count);
    }

    public override void Flush() => target.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
