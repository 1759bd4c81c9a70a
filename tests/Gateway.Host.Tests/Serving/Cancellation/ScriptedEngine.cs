using System.Net;
using System.Text;

namespace Gateway.Host.Tests.Serving.Cancellation;

/// <summary>What an engine does with one request.</summary>
internal delegate Task<HttpResponseMessage> Reply(Generation generation, HttpRequestMessage request, CancellationToken cancellation);

/// <summary>A request at an engine, from its coming until the engine has sent everything or has been left.</summary>
internal sealed class Generation(Steps steps)
{
    public Steps Steps { get; } = steps;

    /// <summary>True if it came although the client was gone.</summary>
    public bool CameTooLate { get; } = steps.IsOver;

    /// <summary>True if the engine works for it no more.</summary>
    public bool IsOver { get; private set; }

    /// <summary>The one that came after it for the same client.</summary>
    public TaskCompletionSource<Generation> Next { get; } = new();

    /// <summary>Completes when the head of its answer is ready.</summary>
    public TaskCompletionSource Answered { get; } = new();

    /// <summary>Set by the test to let a slow engine go on.</summary>
    public TaskCompletionSource MayTakeTheRest { get; } = new();

    /// <summary>The request on its way, where that goes on behind the answer's back.</summary>
    public Task Sending { get; set; } = Task.CompletedTask;

    public void End() => IsOver = true;
}

/// <summary>The engines of one request, without sockets: they answer by a script, whichever of them is asked.</summary>
internal sealed class ScriptedEngine(Steps steps, IReadOnlyList<Reply> script)
{
    private readonly List<Generation> _generations = [];

    public IReadOnlyList<Generation> Generations => _generations;

    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var reply = script[_generations.Count];
        var generation = new Generation(steps);
        var before = _generations.LastOrDefault();
        _generations.Add(generation);
        before?.Next.SetResult(generation);
        try
        {
            await steps.PassAsync("connect", cancellation);
            return await reply(generation, request, cancellation);
        }
        catch
        {
            generation.End();
            throw;
        }
    }

    /// <summary>Takes the request in and answers.</summary>
    public static Reply Answers(int status, string json) => async (generation, request, cancellation) =>
    {
        await request.Content!.CopyToAsync(new Intake(generation), cancellation);
        return await AnswerAsync(generation, status, "application/json", [json], breaks: false, cancellation);
    };

    /// <summary>Takes the request in and sends an event stream; if it breaks, after the last piece.</summary>
    public static Reply Streams(bool breaks, params string[] pieces) => async (generation, request, cancellation) =>
    {
        await request.Content!.CopyToAsync(new Intake(generation), cancellation);
        return await AnswerAsync(generation, 200, "text/event-stream", pieces, breaks, cancellation);
    };

    /// <summary>Answers before it has taken the request in.</summary>
    public static Reply AnswersEarly(string json) => (generation, request, cancellation) =>
    {
        generation.Sending = request.Content!.CopyToAsync(new SlowIntake(generation), CancellationToken.None);
        return AnswerAsync(generation, 200, "application/json", [json], breaks: false, cancellation);
    };

    /// <summary>The connection breaks while the answer is awaited.</summary>
    public static async Task<HttpResponseMessage> Breaks(Generation generation, HttpRequestMessage request, CancellationToken cancellation)
    {
        await generation.Steps.PassAsync("head", cancellation);
        throw new HttpRequestException("The connection broke.");
    }

    /// <summary>Says nothing until it is left.</summary>
    public static async Task<HttpResponseMessage> Hangs(Generation generation, HttpRequestMessage request, CancellationToken cancellation)
    {
        await Task.Delay(Timeout.Infinite, cancellation);
        throw new InvalidOperationException("Nobody has left it.");
    }

    /// <summary>Does something only when the next engine was asked too.</summary>
    public static Reply OnceNextIsAsked(Reply reply) => async (generation, request, cancellation) =>
    {
        await generation.Next.Task.WaitAsync(cancellation);
        return await reply(generation, request, cancellation);
    };

    /// <summary>Does something only when the next engine has answered.</summary>
    public static Reply OnceNextHasAnswered(Reply reply) => async (generation, request, cancellation) =>
    {
        var next = await generation.Next.Task.WaitAsync(cancellation);
        await next.Answered.Task.WaitAsync(cancellation);
        return await reply(generation, request, cancellation);
    };

    private static async Task<HttpResponseMessage> AnswerAsync(
        Generation generation, int status, string type, string[] pieces, bool breaks, CancellationToken cancellation)
    {
        await generation.Steps.PassAsync("head", cancellation);
        var content = new StreamContent(new Outlet(generation, [.. pieces.Select(Encoding.UTF8.GetBytes)], breaks));
        content.Headers.Add("Content-Type", type);
        generation.Answered.SetResult();
        return new HttpResponseMessage((HttpStatusCode)status) { Content = content };
    }
}
