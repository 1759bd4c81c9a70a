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
    [InlineData("http://host:8000@3", "http://host:8000@3", 3)]
    [InlineData("http://HOST@0", "http://host:80@0", 0)]
    [InlineData("host:8000@007", "host:8000@7", 7)]
    [InlineData("grpc://host:9000@0/", "grpc://host:9000@0", 0)]
    [InlineData("https://host:1/base/@12", "https://host:1/base@12", 12)]
    [InlineData("[::1]:8000@2", "[::1]:8000@2", 2)]
    [InlineData("http://host:8000", "http://host:8000", null)]
    public void A_rank_at_the_end_makes_a_place_of_its_own_at_the_address_of_its_engine(string text, string normalised, int? rank)
    {
        var url = WorkerUrl.Parse(text);
        var engine = WorkerUrl.Parse(normalised.Split('@')[0]);
        Assert.Equal((normalised, rank), (url.Text, url.Rank));
        Assert.Equal((engine.Address, engine.Mode, engine.Place), (url.Address, url.Mode, url.Engine));
        Assert.Equal(rank is null, url.Place == engine.Place);
        Assert.Equal(url, WorkerUrl.Parse(url.Text));
        if (rank is { } number)
            Assert.Equal(url, engine.OfRank(number));
    }

    [Theory]
    [InlineData("http://host:8000@", "data-parallel rank")]
    [InlineData("http://host:8000@-1", "data-parallel rank")]
    [InlineData("http://host:8000@three", "data-parallel rank")]
    [InlineData("http://host:8000@3/v1", "data-parallel rank")]
    [InlineData("http://host:8000@65536", "from 0 to 65535")]
    [InlineData("host@99999999999", "from 0 to 65535")]
    [InlineData("@3", "data-parallel rank")]
    public void What_follows_an_at_sign_must_be_a_rank(string text, string reason)
    {
        Assert.False(WorkerUrl.TryParse(text, out _, out var error));
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("HTTP://host")]
    [InlineData("ftp://host")]
    [InlineData("http://")]
    [InlineData("http://user:secret@host")]
    [InlineData("http://user:secret@host:8000@3")]
    [InlineData("http://user:secret@8000")]
    [InlineData("http://user:secret@")]
    [InlineData("http://secret@host/@3")]
    [InlineData("http://host?key=secret@3")]
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
