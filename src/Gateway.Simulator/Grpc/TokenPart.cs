using Gateway.Simulator.Disaggregation;

namespace Gateway.Simulator.Grpc;

/// <summary>What of a request's work is to be done here.</summary>
/// <param name="Role">All of it, or a half.</param>
/// <param name="Rooms">Where the halves meet; one for each prompt, none for all of it.</param>
internal sealed record TokenPart(SimulatorRole Role, params IReadOnlyList<RoomAddress> Rooms)
{
    public static TokenPart Whole { get; } = new(SimulatorRole.Regular);

    /// <summary>True for a prefill that answers as soon as it is computed, and leaves its keys and values to be fetched afterwards.</summary>
    public bool LeavesRoom { get; init; }
}
