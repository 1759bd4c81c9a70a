using System.Globalization;

namespace Gateway.Host.Api.Admin;

/// <summary>
/// The revision a caller expects a worker to have, from <c>If-Match</c> (the ETag of GET /workers/{id}) or <c>?expected_revision=</c>.
/// </summary>
internal static class RevisionGuard
{
    public static string Tag(long revision) => string.Create(CultureInfo.InvariantCulture, $"\"{revision}\"");

    /// <returns>Null if the caller expects nothing.</returns>
    /// <exception cref="ControlPlaneException">It is not a revision.</exception>
    public static long? Read(HttpRequest request)
    {
        var query = request.Query["expected_revision"].ToString();
        if (query.Length > 0)
            return Parse(query) ?? throw ControlPlaneException.BadRequest("expected_revision: must be a whole number");
        var match = request.Headers.IfMatch.ToString();
        return match is "" or "*"
            ? null
            : Parse(match.Trim('"')) ?? throw ControlPlaneException.BadRequest("If-Match: must be the ETag of a worker");
    }

    private static long? Parse(string word) =>
        long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var revision) ? revision : null;
}
