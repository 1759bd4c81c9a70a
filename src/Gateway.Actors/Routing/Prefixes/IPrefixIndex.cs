using Gateway.Actors.Workers;

namespace Gateway.Actors.Routing.Prefixes;

/// <summary>Knows which workers of a model have what beginnings of prompts in their cache.</summary>
internal interface IPrefixIndex
{
    /// <summary>Forgets the workers that are gone; see <see cref="IRoutingPolicy.WorkersChanged"/>.</summary>
    void WorkersChanged(ReadOnlySpan<Worker> ready);

    /// <summary>Finds what each worker has of a prompt.</summary>
    void Match(ReadOnlySpan<byte> prompt, PrefixOverlaps overlaps);

    /// <summary>Bytes of the prompt that a worker has, at most the prompt's length.</summary>
    /// <param name="overlaps">What <see cref="Match"/> found.</param>
    /// <param name="worker">An incarnation.</param>
    /// <param name="guess">Its likely ordinal.</param>
    int BytesOf(PrefixOverlaps overlaps, Worker worker, int guess);
}
