using Gateway.Actors.Workers;

namespace Gateway.Actors.Tests.Workers;

public sealed class WorkerUrlTests
{
    [Theory]
    [InlineData("http://host:8000", "http://host:8000", ConnectionMode.Http)]
    [InlineData("http://HOST:8000/", "http://host:8000", ConnectionMode.Http)]
    [InlineData("http://host", "http://host:80", ConnectionMode.Http)]
    [InlineData("https://host", "https://host:443", ConnectionMode.Http)]
    [InlineData("http://host:1/base/", "http://host:1/base", ConnectionMode.Http)]
    [InlineData("grpc://host:9000", "grpc://host:9000", ConnectionMode.Grpc)]
    [InlineData("grpcs://host:9000", "grpcs://host:9000", ConnectionMode.Grpc)]
    [InlineData("host:8000", "host:8000", ConnectionMode.Auto)]
    [InlineData("[::1]:8000", "[::1]:8000", ConnectionMode.Auto)]
    public void An_address_is_normalised_so_that_the_same_worker_has_one_name(string text, string normalised, ConnectionMode mode)
    {
        var url = WorkerUrl.Parse(text);
        Assert.Equal((normalised, mode), (url.Text, url.Mode));
        Assert.Equal(url, WorkerUrl.Parse(url.Text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("HTTP://host")]
    [InlineData("ftp://host")]
    [InlineData("http://")]
    [InlineData("http://user:secret@host")]
    [InlineData("http://host?q=1")]
    [InlineData("http://host#f")]
    [InlineData("http://host:99999")]
    public void What_is_no_address_is_refused_with_a_reason_that_keeps_secrets(string text)
    {
        Assert.False(WorkerUrl.TryParse(text, out _, out var error));
        Assert.NotEmpty(error);
        Assert.DoesNotContain("secret", error, StringComparison.Ordinal);
    }
}
