namespace Gateway.Benchmarks.RegistryRead;

internal static class Quartile
{
    public static double Lower(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 4];
    }
}
