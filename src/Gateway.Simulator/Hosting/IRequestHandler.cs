namespace Gateway.Simulator.Hosting;

/// <summary>Answers the requests of a connection; which one it is depends on the port that the connection came to.</summary>
internal interface IRequestHandler
{
    Task HandleAsync(HttpContext context);
}
