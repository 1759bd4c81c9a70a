using System.Text.Json;
using Gateway.Simulator.Disaggregation;
using Gateway.Simulator.Engine;

namespace Gateway.Simulator.Api;

/// <summary>
/// The generations of a request, one for each prompt, with what they need of the other worker if there is one.
/// Disposing of it before their end aborts them.
/// </summary>
internal sealed class Submission : IAsyncDisposable
{
    private readonly Exchange _exchange;
    private readonly List<Generation> _generations = [];
    private readonly List<Room> _rooms = [];
    private readonly List<Task> _arrivals = [];
    private bool _leavesRooms;

    private Submission(Exchange exchange) => _exchange = exchange;

    /// <summary>In the order of the prompts.</summary>
    public IReadOnlyList<Generation> Generations => _generations;

    /// <summary>Gives the engines what the worker's role makes of a request.</summary>
    /// <exception cref="ApiException">The request says nothing, or nonsense, of the other worker or of ranks.</exception>
    public static Task<Submission> StartAsync(Exchange exchange, JsonElement request, params IReadOnlyList<PromptPlan> plans)
    {
        var addresses = exchange.Options.Role == SimulatorRole.Regular ? [] : request.GetRoomAddresses(exchange.Options, plans.Count);
        return StartAsync(exchange, exchange.Options.Role, plans, addresses, () => request.GetEngine(exchange), request.GetPrefillRank());
    }

    /// <param name="role">Which part of the work is to be done.</param>
    /// <param name="addresses">A room for each prompt; not looked at in the regular role.</param>
    /// <param name="next">The engine for the next prompt.</param>
    /// <param name="prefillRank">The prefill worker's data-parallel rank, if the request names one.</param>
    /// <exception cref="ApiException">The room is taken, or there is no such rank.</exception>
    public static async Task<Submission> StartAsync(
        Exchange exchange,
        SimulatorRole role,
        IReadOnlyList<PromptPlan> plans,
        IReadOnlyList<RoomAddress> addresses,
        Func<SimulatedEngine> next,
        int? prefillRank = null)
    {
        var submission = new Submission(exchange);
        try
        {
            for (var i = 0; i < plans.Count; i++)
            {
                var engine = next();
                if (role == SimulatorRole.Prefill)
                    submission.Prefill(plans[i], engine, addresses[i].Room);
                else if (role == SimulatorRole.Decode)
                    submission.Decode(plans[i], engine, addresses[i], prefillRank);
                else
                    submission._generations.Add(engine.Submit(plans[i].Id, plans[i].Prompt, plans[i].Answers));
                exchange.Life.ReportSubmission(plans[i].Id);
            }

            return submission;
        }
        catch
        {
            await submission.DisposeAsync();
            throw;
        }
    }

    /// <summary>The prefills have been answered, and their rooms stay open until they are fetched or have been long enough.</summary>
    public void LeaveRooms() => _leavesRooms = true;

    public async ValueTask DisposeAsync()
    {
        if (_leavesRooms)
        {
            _ = CloseRoomsAsync();
            return;
        }

        _generations.ForEach(static generation => generation.Dispose());
        _rooms.ForEach(static room => room.Dispose());
        await Task.WhenAll(_arrivals);
    }

    private async Task CloseRoomsAsync()
    {
        foreach (var generation in _generations)
            await generation.Ended;
        _rooms.ForEach(static room => room.Dispose());
    }

    private void Prefill(PromptPlan plan, SimulatedEngine engine, long room)
    {
        if (_exchange.Life.Rooms.IsOpen(room))
            throw IsTaken(room);
        var generation = engine.Submit(plan.Id, plan.Prompt, [.. plan.Answers.Select(static answer => answer.FirstToken)], GenerationPart.Prefill);
        _generations.Add(generation);
        _rooms.Add(_exchange.Life.Rooms.TryOpen(room, engine.Rank, generation) ?? throw IsTaken(room));
    }

    private void Decode(PromptPlan plan, SimulatedEngine engine, RoomAddress address, int? prefillRank)
    {
        if (prefillRank is { } rank)
            _exchange.Life.Stats.NotePrefillRank(rank);
        var generation = engine.Submit(plan.Id, plan.Prompt, plan.Answers, GenerationPart.Decode);
        _generations.Add(generation);
        _arrivals.Add(Arrival.AwaitAsync(generation, address, prefillRank, _exchange.Life.BootstrapClient, _exchange.Options));
    }

    private static ApiException IsTaken(long room) =>
        ApiException.Invalid("bootstrap_room", $"Bootstrap room {room} is open already; each request needs one of its own.");
}
