namespace Gateway.Host.Api.Admin;

/// <summary>Ends a control-plane request with an error that the caller can do something about.</summary>
internal sealed class ControlPlaneException(int status, string code, string message) : Exception(message)
{
    public int Status => status;

    public string Code => code;

    public static ControlPlaneException BadRequest(string message) =>
        new(StatusCodes.Status400BadRequest, ControlPlaneCode.BadRequest, message);

    public static ControlPlaneException NotFound(string message) =>
        new(StatusCodes.Status404NotFound, ControlPlaneCode.WorkerNotFound, message);
}
