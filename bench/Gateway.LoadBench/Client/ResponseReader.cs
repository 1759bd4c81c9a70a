using System.Buffers.Text;
using System.Diagnostics;

namespace Gateway.LoadBench.Client;

/// <summary>
/// Takes one HTTP/1.1 answer apart as it comes in: of known length or in chunks. Strict, since a bench must not count an answer
/// that a real client would refuse.
/// </summary>
internal sealed class ResponseReader
{
    private const int SmallestRead = 4096;
    private byte[] _raw = new byte[64 * 1024];
    private byte[] _body = new byte[64 * 1024];
    private int _filled;
    private int _position;
    private int _bodyLength;
    private long? _announced;
    private bool _headIsRead;
    private bool _isChunked;

    public bool IsComplete { get; private set; }

    public int Status { get; private set; }

    public long FirstBodyByteAt { get; private set; }

    public ReadOnlyMemory<byte> Body => _body.AsMemory(0, _bodyLength);

    public void Reset()
    {
        (_filled, _position, _bodyLength) = (0, 0, 0);
        (_announced, _headIsRead, _isChunked, IsComplete, FirstBodyByteAt) = (null, false, false, false, 0);
    }

    /// <summary>Where the next bytes from the connection go.</summary>
    public Memory<byte> Free()
    {
        if (_raw.Length - _filled < SmallestRead)
            Array.Resize(ref _raw, _raw.Length * 2);
        return _raw.AsMemory(_filled);
    }

    public void Accept(int read)
    {
        _filled += read;
        if (!_headIsRead && !TryReadHead())
            return;
        if (_position < _filled && FirstBodyByteAt == 0)
            FirstBodyByteAt = Stopwatch.GetTimestamp();
        if (_isChunked)
            ReadChunks();
        else
            ReadPlain();
        if (IsComplete && _position != _filled)
            throw new IOException("There are bytes behind the answer.");
    }

    private bool TryReadHead()
    {
        var end = _raw.AsSpan(0, _filled).IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return false;
        var head = _raw.AsSpan(0, end + 2);
        if (!head.StartsWith("HTTP/1.1 "u8) || !Utf8Parser.TryParse(head[9..], out int status, out _))
            throw new IOException("The answer is not HTTP/1.1.");
        Status = status;
        for (var rest = head[(head.IndexOf("\r\n"u8) + 2)..]; rest.Length > 0; rest = rest[(rest.IndexOf("\r\n"u8) + 2)..])
        {
            var line = rest[..rest.IndexOf("\r\n"u8)];
            if (Value(line, "content-length:"u8) is { IsEmpty: false } length)
                _announced = Utf8Parser.TryParse(length, out long value, out _) ? value : throw new IOException("The length is not a number.");
            else if (Value(line, "transfer-encoding:"u8) is { IsEmpty: false } encoding)
                _isChunked = encoding.SequenceEqual("chunked"u8);
        }

        if (!_isChunked && _announced is null)
            throw new IOException("The answer has neither a length nor chunks.");
        _position = end + 4;
        _headIsRead = true;
        return true;
    }

    private static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name)
    {
        if (line.Length < name.Length || !System.Text.Ascii.EqualsIgnoreCase(line[..name.Length], name))
            return default;
        return line[name.Length..].Trim((byte)' ');
    }

    private void ReadPlain()
    {
        Take(_filled - _position);
        if (_bodyLength > _announced)
            throw new IOException("The body is longer than announced.");
        IsComplete = _bodyLength == _announced;
    }

    private void ReadChunks()
    {
        while (!IsComplete)
        {
            var rest = _raw.AsSpan(_position, _filled - _position);
            var lineEnd = rest.IndexOf("\r\n"u8);
            if (lineEnd < 0)
                return;
            if (!Utf8Parser.TryParse(rest[..lineEnd], out int size, out var used, 'x') || used != lineEnd)
                throw new IOException("A chunk has no size.");
            if (rest.Length < lineEnd + 2 + size + 2)
                return;
            if (!rest.Slice(lineEnd + 2 + size, 2).SequenceEqual("\r\n"u8))
                throw new IOException("A chunk has no end.");
            _position += lineEnd + 2;
            Take(size);
            _position += 2;
            IsComplete = size == 0;
        }
    }

    private void Take(int count)
    {
        while (_bodyLength + count > _body.Length)
            Array.Resize(ref _body, _body.Length * 2);
        _raw.AsSpan(_position, count).CopyTo(_body.AsSpan(_bodyLength));
        _bodyLength += count;
        _position += count;
    }
}
