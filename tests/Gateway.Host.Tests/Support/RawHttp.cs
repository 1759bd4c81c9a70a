using System.Net.Sockets;
using System.Text;

namespace Gateway.Host.Tests.Support;

/// <summary>Sends bytes that no HTTP client would.</summary>
internal static class RawHttp
{
    /// <summary>Sends the text, one byte a character, and reads until the server closes.</summary>
    public static async Task<string> ExchangeAsync(Uri gateway, string text)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        using var client = new TcpClient();
        await client.ConnectAsync(gateway.Host, gateway.Port, limit.Token);
        var stream = client.GetStream();
        using var answer = new MemoryStream();
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(text), limit.Token);
            await stream.CopyToAsync(answer, limit.Token);
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException)
        {
            // Closed by a reset, or kept open: what came before counts.
        }

        return Encoding.Latin1.GetString(answer.ToArray());
    }

    /// <summary>The statuses of all answers in what came back.</summary>
    public static int[] Statuses(string answer) =>
    [
        .. answer.Split("HTTP/1.1 ").Skip(1).Select(static part => int.Parse(part.AsSpan(0, 3), System.Globalization.CultureInfo.InvariantCulture)),
    ];
}
