namespace Gateway.Host.Tests.Serving.Cancellation;

/// <summary>A stream that can do nothing; what one can do is for its heirs.</summary>
internal abstract class StepStream : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

/// <summary>Where an engine takes a request in.</summary>
internal sealed class Intake(Generation generation) : StepStream
{
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        generation.Steps.PassAsync("send", cancellationToken);
}

/// <summary>Where an engine that has answered already takes the rest of a request in, slowly.</summary>
internal sealed class SlowIntake(Generation generation) : StepStream
{
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var before = buffer.ToArray();
        await generation.MayTakeTheRest.Task;
        Assert.Equal(before, buffer.ToArray());
    }
}

/// <summary>An engine's answer as it comes, piece by piece; if it breaks, after the last one.</summary>
internal sealed class Outlet(Generation generation, IReadOnlyList<byte[]> pieces, bool breaks) : StepStream
{
    private int _next;
    private int _read;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await generation.Steps.PassAsync(buffer.IsEmpty ? "arrival" : "read", cancellationToken);
        if (_next == pieces.Count)
        {
            generation.End();
            return breaks ? throw new HttpIOException(HttpRequestError.ResponseEnded) : 0;
        }

        var piece = pieces[_next].AsMemory(_read);
        var count = Math.Min(piece.Length, buffer.Length);
        piece[..count].CopyTo(buffer);
        _read += count;
        if (_read == pieces[_next].Length)
            (_next, _read) = (_next + 1, 0);
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        generation.End();
        base.Dispose(disposing);
    }
}
