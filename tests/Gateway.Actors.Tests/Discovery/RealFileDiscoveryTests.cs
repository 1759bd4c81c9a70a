using System.Runtime.InteropServices;
using Akka.Actor;
using Gateway.Actors.Discovery;
using Gateway.Actors.Tests.Support;

namespace Gateway.Actors.Tests.Discovery;

/// <summary>The ways in which operators and Kubernetes change files, on a real file system.</summary>
public sealed class RealFileDiscoveryTests : FleetTestKit
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-discovery-").FullName;

    [Fact]
    public void A_file_that_is_renamed_into_place_is_followed()
    {
        var path = Path.Combine(_folder, "workers");
        File.WriteAllText(path, "http://a:1");
        Follow(path);
        Expect("http://a:1");

        File.WriteAllText(path + ".new", "http://b:1");
        File.Move(path + ".new", path, overwrite: true);

        Expect("http://b:1");
    }

    [Fact]
    public void A_config_map_whose_links_are_swapped_is_followed()
    {
        // As the kubelet lays it out: workers → ..data/workers, ..data → ..1, and ..data is renamed over to point to ..2.
        Write("..1", "http://a:1");
        Directory.CreateSymbolicLink(Path.Combine(_folder, "..data"), "..1");
        var path = Path.Combine(_folder, "workers");
        File.CreateSymbolicLink(path, "..data/workers");
        Follow(path);
        Expect("http://a:1");

        Write("..2", "http://a:1\nhttp://b:1");
        Directory.CreateSymbolicLink(Path.Combine(_folder, "..data_tmp"), "..2");
        Assert.Equal(0, Rename(Path.Combine(_folder, "..data_tmp"), Path.Combine(_folder, "..data")));
        Directory.Delete(Path.Combine(_folder, "..1"), recursive: true);

        Expect("http://a:1", "http://b:1");
    }

    [Fact]
    public void A_file_that_appears_later_is_followed()
    {
        var path = Path.Combine(_folder, "later");
        Follow(path);

        File.WriteAllText(path, "http://a:1");

        Expect("http://a:1");
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        Directory.Delete(_folder, recursive: true);
    }

    private void Follow(string path) => Sys.ActorOf(FileDiscoveryActor.Props(
        Registry,
        View,
        new FileDiscoverySettings(path, TimeSpan.FromSeconds(2), static text => [.. text.Split('\n').Select(static url => Make.Spec(url, "m"))])));

    /// <summary>Time is virtual; what is waited for is the file system.</summary>
    private void Expect(params string[] urls) => AwaitAssert(
        () =>
        {
            Pass(TimeSpan.FromSeconds(1));
            Assert.Equal(urls, Current.Workers.Values.Select(static entry => entry.Worker.Spec.Url.Text).Order(StringComparer.Ordinal));
        },
        Eventually.Limit,
        TimeSpan.FromMilliseconds(20));

    /// <summary>.NET cannot rename a link to a folder over another one.</summary>
    [DllImport("libc", EntryPoint = "rename")]
    private static extern int Rename(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string from, [MarshalAs(UnmanagedType.LPUTF8Str)] string to);

    private void Write(string folder, string content)
    {
        Directory.CreateDirectory(Path.Combine(_folder, folder));
        File.WriteAllText(Path.Combine(_folder, folder, "workers"), content);
    }
}
