using System.Net;
using DnsClient;
using DnsClient.Protocol;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Discovery.Names;

/// <summary>
/// Asks DNS servers for the places of a name's workers. IPv6 addresses count only for hosts that have no IPv4 address: a pod with
/// both is one worker. Of SRV records those with the lowest priority number count; weights do not, as policies look at real loads.
/// </summary>
/// <remarks>Nothing is cached here: the caller keeps to the time to live. Answers that do not fit a datagram are asked for over TCP.</remarks>
internal sealed class NameResolver
{
    /// <summary>For one question to one server, which is asked twice.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>More workers than any gateway has; a longer answer is a mistake.</summary>
    private const int MostPlaces = 10_000;

    /// <summary>Hosts of a service that are asked for at the same time, if its answer does not have their addresses with it.</summary>
    private const int Parallelism = 8;

    private readonly LookupClient _client;
    private readonly SearchList _search;

    /// <exception cref="NameUnknownException">The machine has no resolver settings.</exception>
    public NameResolver(DnsServers servers, TimeSpan? patience = null)
    {
        NameServer[] asked = [.. servers.Named.Select(static server => new NameServer(server))];
        _search = SearchList.None;
        if (asked.Length == 0)
        {
            asked = [.. NameServer.ResolveNameServers(skipIPv6SiteLocal: true, fallbackToGooglePublicDns: false)];
            _search = File.Exists(servers.ResolverFile) ? SearchList.Parse(File.ReadAllText(servers.ResolverFile)) : SearchList.None;
        }

        if (asked.Length == 0)
            throw new NameUnknownException("this machine names no DNS server; give dns-servers");
        _client = new LookupClient(new LookupClientOptions(asked)
        {
            UseCache = false,
            Timeout = patience ?? Patience,
            Retries = 1,
            ThrowDnsErrors = false,
            // A server that has no answer may be behind the others.
            ContinueOnDnsError = true,
            ContinueOnEmptyResponse = true,
            UseRandomNameServer = false,
        });
    }

    /// <exception cref="NameUnknownException">There is no answer, or none with an address in it.</exception>
    public async Task<NameAnswer> ResolveAsync(WorkerName name, CancellationToken cancellation)
    {
        try
        {
            foreach (var candidate in _search.Candidates(name.Host))
            {
                var answer = name.Port is { } port
                    ? await FindHostAsync(candidate, port, cancellation).ConfigureAwait(false)
                    : await FindServiceAsync(candidate, cancellation).ConfigureAwait(false);
                if (answer is null)
                    continue;
                return answer.Places.Count <= MostPlaces
                    ? answer
                    : throw new NameUnknownException($"it has {answer.Places.Count} addresses, more than {MostPlaces}");
            }
        }
        catch (DnsResponseException failure)
        {
            throw new NameUnknownException(failure.DnsError);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new NameUnknownException("no server answered in time");
        }

        throw new NameUnknownException(name.IsService ? "it has no SRV record with an address" : "it has no address");
    }

    /// <returns>Null if it has no address.</returns>
    private async Task<NameAnswer?> FindHostAsync(string host, int port, CancellationToken cancellation)
    {
        foreach (var type in new[] { QueryType.A, QueryType.AAAA })
        {
            var response = await AskAsync(host, type, cancellation).ConfigureAwait(false);
            if (response is null)
                return null;
            if (AnswerOf(response.Answers, response.Answers.OfType<AddressRecord>(), port) is { } answer)
                return answer;
        }

        return null;
    }

    private async Task<NameAnswer?> FindServiceAsync(string service, CancellationToken cancellation)
    {
        var response = await AskAsync(service, QueryType.SRV, cancellation).ConfigureAwait(false);
        // A target that is the root says that there is no such service.
        SrvRecord[] records = [.. response?.Answers.OfType<SrvRecord>().Where(static record => record.Port > 0 && record.Target.Value.Length > 1) ?? []];
        if (records.Length == 0)
            return null;
        var best = records.Min(static record => record.Priority);
        records = Array.FindAll(records, record => record.Priority == best);
        var found = new NameAnswer?[records.Length];
        var options = new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellation };
        await Parallel.ForAsync(0, records.Length, options, async (index, stop) =>
        {
            var record = records[index];
            var enclosed = response!.Additionals.OfType<AddressRecord>().Where(address => address.DomainName.Equals(record.Target)).ToArray();
            found[index] = AnswerOf(enclosed, enclosed.OfType<ARecord>(), record.Port)
                ?? await FindHostAsync(record.Target.Value, record.Port, stop).ConfigureAwait(false);
        }).ConfigureAwait(false);
        // A host that is known not to exist is not there; one that could not be asked for has thrown.
        NameAnswer[] hosts = [.. found.OfType<NameAnswer>()];
        if (hosts.Length == 0)
            return null;
        var seconds = Math.Min(response!.Answers.Min(static record => record.InitialTimeToLive), hosts.Min(static host => host.TimeToLive.TotalSeconds));
        return new NameAnswer(InOrder(hosts.SelectMany(static host => host.Places)), TimeSpan.FromSeconds(seconds));
    }

    /// <returns>Null if the name does not exist.</returns>
    private async Task<IDnsQueryResponse?> AskAsync(string name, QueryType type, CancellationToken cancellation)
    {
        var response = await _client.QueryAsync(name, type, QueryClass.IN, cancellation).ConfigureAwait(false);
        if (response.Header.ResponseCode == DnsHeaderResponseCode.NotExistentDomain)
            return null;
        return response.HasError
            ? throw new NameUnknownException($"{response.NameServer} answered {response.Header.ResponseCode}")
            : response;
    }

    /// <param name="answer">All records, of aliases too: the shortest time to live counts.</param>
    /// <param name="addresses">Those that lead to workers.</param>
    /// <param name="port">Of the workers.</param>
    private static NameAnswer? AnswerOf(IEnumerable<DnsResourceRecord> answer, IEnumerable<AddressRecord> addresses, int port)
    {
        var places = InOrder(addresses.Select(record => new IPEndPoint(record.Address, port)));
        return places.IsEmpty ? null : new NameAnswer(places, TimeSpan.FromSeconds(answer.Min(static record => record.InitialTimeToLive)));
    }

    /// <summary>Servers rotate their answers; what says the same must be the same.</summary>
    private static EquatableArray<IPEndPoint> InOrder(IEnumerable<IPEndPoint> places) =>
        [.. places.Distinct().OrderBy(static place => place.ToString(), StringComparer.Ordinal)];
}
