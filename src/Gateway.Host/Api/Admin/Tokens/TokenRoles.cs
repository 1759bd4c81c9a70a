using System.Security.Claims;
using System.Text.Json;
using Gateway.Host.Admission;
using Gateway.Host.Configuration;

namespace Gateway.Host.Api.Admin.Tokens;

/// <summary>What the roles in a token are here. With a mapping nothing else counts: an issuer's "admin" may be somebody else's.</summary>
internal sealed class TokenRoles(JwtOptions options)
{
    private readonly Dictionary<string, KeyRole> _roles = options.RoleMapping.IsEmpty
        ? KeyReader.Roles.ToDictionary()
        : options.RoleMapping.GroupBy(static pair => pair.Theirs).ToDictionary(static group => group.Key, static group => group.Max(static pair => pair.Ours));

    /// <summary>The highest that it has; <see cref="KeyRole.User"/> if there is none.</summary>
    public KeyRole Of(ClaimsPrincipal holder) =>
        Names(holder).Select(name => _roles.GetValueOrDefault(name, KeyRole.User)).DefaultIfEmpty(KeyRole.User).Max();

    private IEnumerable<string> Names(ClaimsPrincipal holder)
    {
        var named = holder.FindAll(options.RoleClaim).SelectMany(static claim => Words(claim.Value)).ToArray();
        var path = options.RoleClaim.Split('.');
        return named.Length > 0 || path.Length == 1 ? named : holder.FindAll(path[0]).SelectMany(claim => Inside(claim.Value, path.AsSpan(1)));
    }

    /// <summary>Several roles may stand in one text, as scopes do.</summary>
    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string[] Inside(string json, ReadOnlySpan<string> path)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var value = document.RootElement;
            foreach (var name in path)
            {
                if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out value))
                    return [];
            }

            return value.ValueKind switch
            {
                JsonValueKind.String => Words(value.GetString()!),
                JsonValueKind.Array => [.. value.EnumerateArray().Where(static item => item.ValueKind == JsonValueKind.String).Select(static item => item.GetString()!)],
                _ => [],
            };
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
