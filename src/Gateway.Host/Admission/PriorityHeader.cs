namespace Gateway.Host.Admission;

/// <summary>The priority a request asks for, in <c>X-Priority</c> or <c>X-SMG-Priority</c>: bulk, default, interactive or system.</summary>
internal static class PriorityHeader
{
    public const string Name = "X-Priority";
    public const string Synonym = "X-SMG-Priority";

    /// <returns>No more than the tenant may have. A word that nobody knows counts as none.</returns>
    public static RequestPriority Of(HttpRequest request, Tenant tenant)
    {
        var headers = request.Headers;
        if (!headers.TryGetValue(Name, out var values) && !headers.TryGetValue(Synonym, out values))
            return Least(RequestPriority.Default, tenant.MaxPriority);
        return Least(Parse(values.ToString()), tenant.MaxPriority);
    }

    private static RequestPriority Parse(string word)
    {
        if (word.Equals("interactive", StringComparison.OrdinalIgnoreCase))
            return RequestPriority.Interactive;
        if (word.Equals("bulk", StringComparison.OrdinalIgnoreCase))
            return RequestPriority.Bulk;
        return word.Equals("system", StringComparison.OrdinalIgnoreCase) ? RequestPriority.System : RequestPriority.Default;
    }

    private static RequestPriority Least(RequestPriority one, RequestPriority other) => one < other ? one : other;
}
