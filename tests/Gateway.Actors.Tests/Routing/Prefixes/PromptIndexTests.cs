using CsCheck;
using Gateway.Actors.Routing.Prefixes;
using Gateway.Actors.Tests.Support;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Tests.Routing.Prefixes;

public sealed class PromptIndexTests
{
    private const int Alphabet = 3;

    private enum Step
    {
        Send,
        Leave,
        Return,
        Reborn,
    }

    [Fact]
    public void It_knows_the_longest_prefix_that_each_worker_was_sent() =>
        AgainstNaiveModel(memory: 1 << 20, static (expected, found) => Assert.Equal(expected, found));

    [Fact]
    public void However_many_workers_it_was_sent_to_and_wherever_their_parts_of_it_end_it_knows_each_one() =>
        Gen.Int[0, PageGrid.PagesIn(1 << 18)].Array[1, 60].Sample(static lengths =>
        {
            var prompt = new byte[1 << 18];
            var workers = Make.Workers(lengths.Length);
            var index = Index(new PrefixTable(1 << 20), workers);
            for (var i = 0; i < lengths.Length; i++)
                Send(index, workers[i], prompt[..PageGrid.BytesIn(lengths[i])]);
            Assert.Equal(lengths.Select(PageGrid.BytesIn), workers.Select(worker => Known(index, worker, prompt)));
        });

    [Fact]
    public void With_too_little_memory_it_knows_less_but_never_more() =>
        AgainstNaiveModel(memory: 2 * 256, static (expected, found) => Assert.InRange(found, 0, expected));

    [Fact]
    public void Models_that_share_the_memory_know_nothing_of_each_other()
    {
        var table = new PrefixTable(1 << 20);
        var workers = Make.Workers(1);
        var one = Index(table, workers);
        var other = Index(table, workers);
        Send(one, workers[0], new byte[1000]);
        Assert.Equal((896, 0), (Known(one, workers[0], new byte[1000]), Known(other, workers[0], new byte[1000])));
    }

    [Fact]
    public void A_worker_that_is_not_routable_for_a_while_is_known_again_when_it_returns()
    {
        var workers = Make.Workers(2);
        var index = Index(new PrefixTable(1 << 20), workers);
        Send(index, workers[0], new byte[1024]);
        index.WorkersChanged(workers.AsSpan(1));
        Assert.Equal(0, Known(index, workers[0], new byte[1024]));
        index.WorkersChanged(workers);
        Assert.Equal(1024, Known(index, workers[0], new byte[1024]));
    }

    [Fact]
    public void A_closed_worker_is_not_known_any_more_and_its_bytes_go_with_the_next_picks()
    {
        var table = new PrefixTable(1 << 20);
        var workers = Make.Workers(2);
        var index = Index(table, workers);
        for (byte i = 0; i < 100; i++)
            Send(index, workers[0], Prompt(10, i));
        Assert.Equal(1000 * PrefixTable.SlotBytes, table.UsedBytes);

        // As the registry does it: the snapshot first, then the close.
        index.WorkersChanged(workers.AsSpan(1));
        Assert.Equal(0, Known(index, workers[0], Prompt(10, 5)));
        workers[0].Close();
        for (var i = 0; i < 200; i++)
            Send(index, workers[1], Prompt(10, 200));
        Assert.Equal(10 * PrefixTable.SlotBytes, table.UsedBytes);
        index.WorkersChanged(workers);
        Assert.Equal(0, Known(index, workers[0], Prompt(10, 5)));
    }

    [Fact]
    public void Two_hundred_workers_with_one_system_prompt_are_all_known()
    {
        var workers = Make.Workers(200);
        var index = Index(new PrefixTable(1 << 20), workers);
        foreach (var worker in workers)
            Send(index, worker, Prompt(10, 1));
        Assert.All(workers, worker => Assert.Equal(1280, Known(index, worker, Prompt(10, 1))));
    }

    [Fact]
    public void What_lies_deeper_than_the_limit_is_not_looked_at()
    {
        var workers = Make.Workers(1);
        var index = new PromptIndex(new PrefixTable(1 << 20), 4096);
        index.WorkersChanged(workers);
        Send(index, workers[0], new byte[100_000]);
        Assert.Equal(4096, Known(index, workers[0], new byte[100_000]));
    }

    [Fact]
    public async Task Sends_matches_and_changes_of_workers_may_come_at_once()
    {
        var table = new PrefixTable(64 * 1024);
        var workers = Make.Workers(30);
        var index = Index(table, workers);
        await Parallel.ForAsync(0, 6, (thread, _) =>
        {
            var random = new Random(thread);
            for (var i = 0; i < 3000; i++)
            {
                if (thread == 0)
                    index.WorkersChanged(workers.AsSpan(random.Next(10), 10 + random.Next(10)));
                // Every worker has prompts of its own.
                var worker = random.Next(workers.Length);
                Send(index, workers[worker], Prompt(1 + random.Next(20), (byte)(100 + worker)));
                var other = random.Next(workers.Length);
                Assert.InRange(Known(index, workers[worker], Prompt(20, (byte)(100 + other))), 0, worker == other ? 2560 : 0);
                Assert.InRange(table.UsedBytes, 0, 64 * 1024);
            }

            return ValueTask.CompletedTask;
        });
        Assert.Equal(table.CountUsedSlots() * PrefixTable.SlotBytes, table.UsedBytes);
    }

    /// <summary>Prompts are words over a small alphabet, a letter to a page, so that prefixes are shared often; four workers come, go and are reborn.</summary>
    private static void AgainstNaiveModel(long memory, Action<int, int> check)
    {
        var step = Gen.Select(
            Gen.Frequency((12, Gen.Const(Step.Send)), (1, Gen.Const(Step.Leave)), (1, Gen.Const(Step.Return)), (1, Gen.Const(Step.Reborn))),
            Gen.Int[0, 3],
            Gen.Byte[0, Alphabet - 1].Array[0, 6],
            Gen.Int[0, 127]);
        step.Array[1, 80].Sample(steps =>
        {
            var workers = Make.Workers(4);
            var index = Index(new PrefixTable(memory), workers);
            var sent = Array.ConvertAll(workers, static _ => new HashSet<string>());
            var away = new HashSet<int>();
            foreach (var (kind, number, word, rest) in steps)
            {
                var prompt = Word(word, rest);
                switch (kind)
                {
                    case Step.Send when !away.Contains(number):
                        Send(index, workers[number], prompt);
                        for (var length = 1; length <= word.Length; length++)
                            sent[number].Add(Convert.ToHexString(word, 0, length));
                        break;
                    case Step.Leave:
                        away.Add(number);
                        break;
                    case Step.Return:
                        away.Remove(number);
                        break;
                    case Step.Reborn:
                        workers[number].Close();
                        workers[number] = Make.Worker();
                        sent[number].Clear();
                        break;
                }

                index.WorkersChanged([.. workers.Where((_, i) => !away.Contains(i))]);
                for (var i = 0; i < workers.Length; i++)
                {
                    var longest = word.Length;
                    while (longest > 0 && (away.Contains(i) || !sent[i].Contains(Convert.ToHexString(word, 0, longest))))
                        longest--;
                    check(longest * PageGrid.FirstPage, Known(index, workers[i], prompt));
                }
            }
        });
    }

    private static PromptIndex Index(PrefixTable table, Worker[] workers)
    {
        var index = new PromptIndex(table, 1 << 20);
        index.WorkersChanged(workers);
        return index;
    }

    private static void Send(PromptIndex index, Worker worker, byte[] prompt)
    {
        var overlaps = new PrefixOverlaps();
        index.Match(prompt, overlaps);
        index.Record(overlaps, worker, guess: 0);
    }

    private static int Known(PromptIndex index, Worker worker, byte[] prompt)
    {
        var overlaps = new PrefixOverlaps();
        index.Match(prompt, overlaps);
        var bytes = index.BytesOf(overlaps, worker, guess: 0);
        // The list of those that match says the same, longest first.
        var pages = new List<int>();
        foreach (var ordinal in overlaps.Matched)
            pages.Add(overlaps.PagesOf(ordinal));
        Assert.Equal(pages.OrderDescending(), pages);
        Assert.DoesNotContain(0, pages);
        return bytes;
    }

    private static byte[] Prompt(int pages, byte fill)
    {
        var prompt = new byte[pages * PageGrid.FirstPage];
        prompt.AsSpan().Fill(fill);
        return prompt;
    }

    private static byte[] Word(byte[] word, int rest)
    {
        var prompt = new byte[(word.Length * PageGrid.FirstPage) + rest];
        for (var i = 0; i < word.Length; i++)
            prompt.AsSpan(i * PageGrid.FirstPage, PageGrid.FirstPage).Fill(word[i]);
        return prompt;
    }
}
