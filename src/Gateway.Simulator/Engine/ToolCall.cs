namespace Gateway.Simulator.Engine;

/// <summary>A call to a tool of the client's.</summary>
/// <param name="FirstPiece">Index of the piece with which its arguments begin.</param>
internal sealed record ToolCall(string Id, string Name, string Arguments, int FirstPiece);
