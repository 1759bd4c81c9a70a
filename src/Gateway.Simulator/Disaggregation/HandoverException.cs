namespace Gateway.Simulator.Disaggregation;

/// <summary>A decode worker could not get the keys and values of its prompt.</summary>
internal sealed class HandoverException : Exception
{
    public HandoverException(long room, string reason)
        : base($"The keys and values of bootstrap room {room} did not come: {reason}.")
    {
    }
}
