using Gateway.Host.Configuration;
using Gateway.Host.Observability;

namespace Gateway.Host.Api.Admin;

/// <summary><c>GET</c> and <c>PUT /log-level</c>: how much this gateway logs, until it is told otherwise or restarted.</summary>
internal sealed class LogLevelEndpoint(LogLevelSwitch level)
{
    /// <summary>Seconds; who wants it for longer than a day changes the configuration.</summary>
    private const double Longest = 86_400;

    public Task GetAsync(HttpContext context) => WriteAsync(context, level.Current);

    /// <summary>With <c>{"level": level, "for_secs": seconds}</c>; without a time, it holds until the next restart.</summary>
    public async Task SetAsync(HttpContext context)
    {
        var (word, time) = await ControlPlaneBody.ReadAsync(context, static json =>
        {
            var fields = new JsonFields(json);
            var text = fields.Text("level") ?? throw fields.Wrong("level", "is missing");
            if (!LogLevelSwitch.Levels.ContainsKey(text))
                throw fields.Wrong("level", $"'{text}' is not one of {string.Join(", ", LogLevelSwitch.Levels.Keys)}");
            var read = (text, fields.Seconds("for_secs", 0.001, Longest));
            fields.RefuseOthers();
            return read;
        });
        AuditLog.Note(context, time is { } limit ? FormattableString.Invariant($"level {word} for {limit.TotalSeconds} s") : $"level {word}");
        await WriteAsync(context, level.Set(word, time));
    }

    private static Task WriteAsync(HttpContext context, LogLevelState state) => ControlPlaneAnswer.WriteAsync(context, StatusCodes.Status200OK, json =>
    {
        json.WriteString("level"u8, state.Level);
        json.WriteString("configured"u8, state.Configured);
        if (state.Until is { } until)
            json.WriteString("until"u8, until.UtcDateTime);
    });
}
