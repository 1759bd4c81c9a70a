using System.Text;
using CsCheck;
using Gateway.Actors.Registry;
using Gateway.Actors.Routing;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Tests.Registry;

public sealed class ModelTableTests
{
    private static readonly Gen<string> Name = Gen.OneOf(
        Gen.Int[0, 40].Select(static i => $"meta-llama/Llama-{i}-8B-Instruct"),
        Gen.Int[0, 20].Select(static i => $"m{i}"),
        Gen.String[0, 20]);

    private static readonly Gen<(string Name, bool Present)[]> Changes = Gen.Select(Name, Gen.Bool).Array[0, 60];

    [Fact]
    public void It_finds_what_a_dictionary_finds_whatever_was_added_and_taken_away() =>
        Changes.Array[1, 12].Sample(batches =>
        {
            var table = ModelTable.Empty;
            var expected = new Dictionary<string, ModelSnapshot>(StringComparer.Ordinal);
            foreach (var batch in batches)
            {
                var changes = new Dictionary<string, ModelSnapshot?>(StringComparer.Ordinal);
                foreach (var (name, present) in batch)
                {
                    // Names that UTF-8 cannot tell apart are one name.
                    var utf8 = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(name));
                    changes[utf8] = present ? Model(utf8) : null;
                }

                var before = table;
                var beforeCount = table.Count;
                table = table.With(changes);
                Assert.Equal(beforeCount, before.Count);
                foreach (var (name, model) in changes)
                {
                    if (model is null)
                        expected.Remove(name);
                    else
                        expected[name] = model;
                }

                Assert.Equal(expected.Count, table.Count);
                foreach (var (name, model) in expected)
                    Assert.Same(model, table.Find(Encoding.UTF8.GetBytes(name)));
                foreach (var (name, model) in changes)
                    Assert.Same(model, table.Find(Encoding.UTF8.GetBytes(name)));
            }
        });

    [Fact]
    public void An_empty_table_finds_nothing() => Assert.Null(ModelTable.Empty.Find("m"u8));

    [Fact]
    public void A_lookup_allocates_nothing()
    {
        var table = ModelTable.Empty.With(Enumerable.Range(0, 1000).ToDictionary(static i => $"model-{i}", static i => (ModelSnapshot?)Model($"model-{i}")));
        _ = table.Find("model-1"u8);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            _ = table.Find("model-512"u8);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static ModelSnapshot Model(string id) => new(new ModelCard(id), 1, new RoundRobinPolicy(), []);
}
