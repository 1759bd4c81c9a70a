using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gateway.Tests.Shared;

/// <summary>
/// A DNS server on a free port of this machine, over UDP and TCP, that knows the records it was given. What does not fit a datagram is
/// truncated, as it is by a real one.
/// </summary>
internal sealed class DnsServerStandIn : IAsyncDisposable
{
    public const int ServerFailure = 2;
    public const int NoSuchName = 3;
    public const int Refused = 5;

    /// <summary>What passes any network without being cut up.</summary>
    private const int LargestDatagram = 1232;

    private const int HeaderLength = 12;

    private readonly CancellationTokenSource _stop = new();
    private readonly UdpClient _udp;
    private readonly TcpListener _tcp;
    private readonly Task _served;
    private ImmutableList<DnsRecord> _records = [];
    private int _overTcp;

    private DnsServerStandIn(UdpClient udp, TcpListener tcp)
    {
        _udp = udp;
        _tcp = tcp;
        Place = (IPEndPoint)tcp.LocalEndpoint;
        _served = Task.WhenAll(ServeUdpAsync(), ServeTcpAsync());
    }

    public IPEndPoint Place { get; }

    /// <summary>Answers everything with this code; null answers as it should.</summary>
    public int? FailsWith { get; set; }

    /// <summary>Answers nothing.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Puts the addresses of SRV targets with the answer.</summary>
    public bool EnclosesAddresses { get; set; }

    /// <summary>Names that were asked for, with the type, such as <c>a.test 1</c>.</summary>
    public ConcurrentQueue<string> Questions { get; } = [];

    public int OverTcp => Volatile.Read(ref _overTcp);

    public static DnsServerStandIn Start()
    {
        // The same port for both, which somebody else may have for one of them.
        for (var attempt = 0; ; attempt++)
        {
            var tcp = new TcpListener(IPAddress.Loopback, 0);
            tcp.Start();
            try
            {
                return new DnsServerStandIn(new UdpClient((IPEndPoint)tcp.LocalEndpoint), tcp);
            }
            catch (SocketException) when (attempt < 20)
            {
                tcp.Dispose();
            }
        }
    }

    /// <summary>From now on these are the records there are.</summary>
    public void Set(params IEnumerable<DnsRecord> records) => _records = [.. records];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _udp.Dispose();
        _tcp.Dispose();
        await _served;
        _stop.Dispose();
    }

    private async Task ServeUdpAsync()
    {
        try
        {
            while (true)
            {
                var question = await _udp.ReceiveAsync(_stop.Token);
                if (Answer(question.Buffer) is not { } answer)
                    continue;
                await _udp.SendAsync(answer.Length <= LargestDatagram ? answer : Truncated(answer), question.RemoteEndPoint, _stop.Token);
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // Told to stop.
        }
    }

    private async Task ServeTcpAsync()
    {
        try
        {
            while (true)
            {
                using var connection = await _tcp.AcceptTcpClientAsync(_stop.Token);
                await ServeAsync(connection.GetStream());
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // Told to stop.
        }
    }

    private async Task ServeAsync(NetworkStream stream)
    {
        var length = new byte[2];
        try
        {
            while (true)
            {
                await stream.ReadExactlyAsync(length, _stop.Token);
                var question = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
                await stream.ReadExactlyAsync(question, _stop.Token);
                Interlocked.Increment(ref _overTcp);
                if (Answer(question) is not { } answer)
                    continue;
                byte[] framed = [(byte)(answer.Length >> 8), (byte)answer.Length, .. answer];
                await stream.WriteAsync(framed, _stop.Token);
            }
        }
        catch (IOException)
        {
            // The client has what it wanted.
        }
    }

    private byte[]? Answer(byte[] question)
    {
        var (name, end) = ReadName(question, HeaderLength);
        var type = BinaryPrimitives.ReadUInt16BigEndian(question.AsSpan(end));
        Questions.Enqueue($"{name} {type}");
        if (IsSilent)
            return null;
        if (FailsWith is { } code)
            return Message(question, end + 4, code, [], []);
        var records = _records;
        var answers = new List<DnsRecord>();
        var asked = name;
        while (records.Find(record => record.Name == asked && record.Type == DnsRecord.CanonicalName) is { } alias)
        {
            answers.Add(alias);
            asked = ReadName(alias.Data, 0).Name;
        }

        answers.AddRange(records.Where(record => record.Name == asked && record.Type == type));
        DnsRecord[] additional = EnclosesAddresses
            ? [.. answers.Where(static record => record.Type == DnsRecord.Service).SelectMany(record => records.Where(other => other.Name == ReadName(record.Data, 6).Name))]
            : [];
        return Message(question, end + 4, records.Exists(record => record.Name == asked) ? 0 : NoSuchName, answers, additional);
    }

    private static byte[] Message(byte[] question, int endOfQuestion, int code, List<DnsRecord> answers, DnsRecord[] additional)
    {
        const byte ResponseToRecursive = 0x81;
        const byte RecursionAvailable = 0x80;
        var message = new List<byte>(question.Take(2))
        {
            ResponseToRecursive, (byte)(RecursionAvailable | code),
            0, 1,
            (byte)(answers.Count >> 8), (byte)answers.Count,
            0, 0,
            (byte)(additional.Length >> 8), (byte)additional.Length,
        };
        message.AddRange(question[HeaderLength..endOfQuestion]);
        foreach (var record in answers.Concat(additional))
            message.AddRange(record.ToWire());
        return [.. message];
    }

    private static byte[] Truncated(byte[] answer)
    {
        const byte Truncation = 0x02;
        var (_, end) = ReadName(answer, HeaderLength);
        byte[] message = [.. answer[..6], 0, 0, 0, 0, 0, 0, .. answer[HeaderLength..(end + 4)]];
        message[2] |= Truncation;
        return message;
    }

    private static (string Name, int End) ReadName(byte[] message, int at)
    {
        var labels = new List<string>();
        while (message[at] > 0)
        {
            labels.Add(Encoding.ASCII.GetString(message, at + 1, message[at]).ToLowerInvariant());
            at += message[at] + 1;
        }

        return (string.Join('.', labels), at + 1);
    }
}

/// <param name="Name">Without a dot at its end.</param>
/// <param name="Type">As DNS numbers it.</param>
/// <param name="TimeToLive">In seconds.</param>
/// <param name="Data">As it is sent.</param>
internal sealed record DnsRecord(string Name, ushort Type, uint TimeToLive, byte[] Data)
{
    public const ushort CanonicalName = 5;
    public const ushort Service = 33;
    private const ushort IPv4Address = 1;
    private const ushort IPv6Address = 28;

    public static DnsRecord Address(string name, string address, uint timeToLive = 60)
    {
        var bytes = IPAddress.Parse(address).GetAddressBytes();
        return new DnsRecord(name, bytes.Length == 4 ? IPv4Address : IPv6Address, timeToLive, bytes);
    }

    public static DnsRecord Alias(string name, string of, uint timeToLive = 60) => new(name, CanonicalName, timeToLive, WireName(of));

    public static DnsRecord Srv(string name, string target, ushort port, ushort priority = 0, ushort weight = 0, uint timeToLive = 60) =>
        new(name, Service, timeToLive, [.. Two(priority), .. Two(weight), .. Two(port), .. WireName(target)]);

    public byte[] ToWire() =>
        [.. WireName(Name), .. Two(Type), 0, 1, .. Two((ushort)(TimeToLive >> 16)), .. Two((ushort)TimeToLive), .. Two((ushort)Data.Length), .. Data];

    private static byte[] Two(ushort number) => [(byte)(number >> 8), (byte)number];

    private static byte[] WireName(string name) =>
        [.. name.Split('.', StringSplitOptions.RemoveEmptyEntries).SelectMany(static label => (byte[])[(byte)label.Length, .. Encoding.ASCII.GetBytes(label)]), 0];
}
