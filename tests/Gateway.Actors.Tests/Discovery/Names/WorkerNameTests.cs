using System.Net;
using Gateway.Actors.Discovery.Names;

namespace Gateway.Actors.Tests.Discovery.Names;

public sealed class WorkerNameTests
{
    [Theory]
    [InlineData("dns://vllm.default.svc:8000", "10.0.0.1:8000")]
    [InlineData("dns+http://vllm:8000", "http://10.0.0.1:8000")]
    [InlineData("dns+https://vllm:8000", "https://10.0.0.1:8000")]
    [InlineData("DNS+GRPC://Vllm:8000", "grpc://10.0.0.1:8000")]
    [InlineData("dns+srv://_http._tcp.vllm", "10.0.0.1:8000")]
    [InlineData("dns+srv+grpcs://_grpc._tcp.vllm.", "grpcs://10.0.0.1:8000")]
    public void A_worker_is_at_an_address_and_spoken_to_as_the_name_says(string name, string url) =>
        Assert.Equal(url, WorkerName.Parse(name).UrlAt(new IPEndPoint(IPAddress.Parse("10.0.0.1"), 8000)).Text);

    [Fact]
    public void An_IPv6_address_gets_its_brackets() =>
        Assert.Equal("http://[fd00::1]:8000", WorkerName.Parse("dns+http://vllm:8000").UrlAt(new IPEndPoint(IPAddress.Parse("fd00::1"), 8000)).Text);

    [Theory]
    [InlineData("dns+https://vllm.default.svc:8000", "vllm.default.svc")]
    [InlineData("dns+srv+https://_http._tcp.vllm.default.svc.", "vllm.default.svc")]
    [InlineData("dns+srv+grpcs://_grpc._tcp.vllm", "vllm")]
    [InlineData("dns://vllm:8000", null)]
    [InlineData("dns+grpc://vllm:8000", null)]
    public void With_TLS_a_worker_must_be_who_the_operator_wrote(string name, string? server) =>
        Assert.Equal(server, WorkerName.Parse(name).ServerName);

    [Theory]
    [InlineData("vllm:8000", "is not of the form")]
    [InlineData("http://vllm:8000", "is not of the form")]
    [InlineData("dns+ftp://vllm:8000", "is not of the form")]
    [InlineData("dns+srvhttp://_http._tcp.vllm", "is not of the form")]
    [InlineData("dns://", "is not of the form")]
    [InlineData("dns://vllm", "needs a port")]
    [InlineData("dns://vllm:0", "needs a port")]
    [InlineData("dns://vllm:8000/v1", "needs a port")]
    [InlineData("dns://a..b:8000", "has no host name")]
    [InlineData("dns://10.0.0.1:8000", "has no host name")]
    [InlineData("dns://[fd00::1]:8000", "has no host name")]
    [InlineData("dns+srv://vllm", "needs a service's name")]
    [InlineData("dns+srv://_http._tcp.vllm:8000", "needs a service's name")]
    public void What_is_no_name_is_refused_with_the_reason(string text, string reason) =>
        Assert.Contains(reason, Assert.Throws<FormatException>(() => WorkerName.Parse(text)).Message, StringComparison.Ordinal);
}
