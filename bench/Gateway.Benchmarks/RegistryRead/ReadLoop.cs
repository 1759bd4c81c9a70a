using System.Runtime.CompilerServices;

namespace Gateway.Benchmarks.RegistryRead;

/// <summary>Reads round and round. One lap is a method of its own, so that it is compiled as a gateway's hot methods are: tier 1, with profile.</summary>
internal static class ReadLoop
{
    public static long Run<TReader>(TReader reader, RequestNames names, int thread, int operations)
        where TReader : struct, IModelReader
    {
        long sum = 0;
        for (var done = 0; done < operations; done += RequestNames.Count)
            sum += Lap(reader, names, thread * (RequestNames.Count / 2));
        return sum;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long Lap<TReader>(TReader reader, RequestNames names, int start)
        where TReader : struct, IModelReader
    {
        long sum = 0;
        for (var i = 0; i < RequestNames.Count; i++)
            sum += reader.Read(names[start + i]);
        return sum;
    }
}
