using System.Net;
using System.Text.Json.Nodes;
using Gateway.Actors.Workers;
using Gateway.Host.Admission;
using Gateway.Host.Api.Admin.Tokens;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.Configuration;
using Gateway.Host.Tests.EndToEnd;
using Gateway.Host.Tests.Support;
using Microsoft.IdentityModel.Tokens;

namespace Gateway.Host.Tests.Admin;

public sealed class TokenTests
{
    [Fact]
    public async Task A_token_of_the_issuer_is_its_subjects_whatever_kind_its_key_is()
    {
        await using var tokens = await TokenUnderTest.StartAsync();

        Assert.Equal(new TokenHolder("alice", KeyRole.Viewer), await tokens.HolderOfAsync(tokens.Issuer.Token()));
        Assert.Equal(new TokenHolder("alice", KeyRole.Viewer), await tokens.HolderOfAsync(tokens.Issuer.Token(tokens.Issuer.Ec)));
        Assert.Equal(1, tokens.Issuer.Questions);
    }

    public static TheoryData<string> Wrongs => [.. Wrong.Keys];

    private static readonly Dictionary<string, Action<JsonObject>> Wrong = new()
    {
        ["expired"] = static claims =>
        {
            claims["nbf"] = DateTimeOffset.UtcNow.AddSeconds(-300).ToUnixTimeSeconds();
            claims["exp"] = DateTimeOffset.UtcNow.AddSeconds(-90).ToUnixTimeSeconds();
        },
        ["without an end"] = static claims => claims.Remove("exp"),
        ["not valid yet"] = static claims => claims["nbf"] = DateTimeOffset.UtcNow.AddSeconds(90).ToUnixTimeSeconds(),
        ["another audience"] = static claims => claims["aud"] = "payroll",
        ["no audience"] = static claims => claims.Remove("aud"),
        ["an audience that begins like ours"] = static claims => claims["aud"] = "gateway2",
        ["another issuer"] = static claims => claims["iss"] = "https://evil.example",
        ["no issuer"] = static claims => claims.Remove("iss"),
        ["no subject"] = static claims => claims.Remove("sub"),
    };

    [Theory]
    [MemberData(nameof(Wrongs))]
    public async Task A_token_with_a_wrong_claim_is_refused(string what)
    {
        await using var tokens = await TokenUnderTest.StartAsync();

        Assert.Null(await tokens.HolderOfAsync(tokens.Issuer.Token(claims: Wrong[what])));
    }

    [Fact]
    public async Task Clocks_may_differ_by_as_much_as_is_allowed()
    {
        await using var tokens = await TokenUnderTest.StartAsync(static jwt => jwt with { ClockSkew = TimeSpan.FromSeconds(120) });

        Assert.NotNull(await tokens.HolderOfAsync(tokens.Issuer.Token(claims: Wrong["expired"])));
        Assert.NotNull(await tokens.HolderOfAsync(tokens.Issuer.Token(claims: Wrong["not valid yet"])));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("")]
    [InlineData("RS256")]
    public async Task A_token_without_a_signature_is_refused(string algorithm)
    {
        await using var tokens = await TokenUnderTest.StartAsync();

        Assert.Null(await tokens.HolderOfAsync(tokens.Issuer.Token(Signer.None("rsa-1", algorithm))));
    }

    [Fact]
    public async Task A_token_that_is_signed_with_the_public_key_as_a_secret_is_refused()
    {
        await using var tokens = await TokenUnderTest.StartAsync();
        foreach (var secret in tokens.Issuer.Rsa.PublicForms())
            Assert.Null(await tokens.HolderOfAsync(tokens.Issuer.Token(Signer.Hmac("rsa-1", secret))));
    }

    [Fact]
    public async Task A_shared_secret_among_the_issuers_keys_signs_nothing()
    {
        await using var tokens = await TokenUnderTest.StartAsync();
        var secret = new byte[32];
        using var shared = Signer.Hmac("shared", secret);
        shared.PublicJwk["kty"] = "oct";
        shared.PublicJwk["k"] = Base64UrlEncoder.Encode(secret);
        tokens.Issuer.Publish(tokens.Issuer.Rsa, shared);

        Assert.Null(await tokens.HolderOfAsync(tokens.Issuer.Token(shared)));
        Assert.NotNull(await tokens.HolderOfAsync(tokens.Issuer.Token()));
    }

    [Fact]
    public async Task A_token_of_another_key_is_refused_whatever_it_calls_it()
    {
        await using var tokens = await TokenUnderTest.StartAsync();
        using var stranger = Signer.Rsa("rsa-1");
        var good = tokens.Issuer.Token();

        Assert.Null(await tokens.HolderOfAsync(tokens.Issuer.Token(stranger)));
        Assert.Null(await tokens.HolderOfAsync(tokens.Issuer.Token(stranger, header: static header => header["kid"] = "rsa-9")));
        Assert.Null(await tokens.HolderOfAsync(tokens.Issuer.Token(stranger, header: header => header["jwk"] = stranger.PublicJwk.DeepClone())));
        Assert.Null(await tokens.HolderOfAsync(good[..^4] + "AAAA"));
        Assert.Null(await tokens.HolderOfAsync(good[..good.LastIndexOf('.')] + "."));
        Assert.Null(await tokens.HolderOfAsync("a.b.c"));
        Assert.Null(await tokens.HolderOfAsync(""));
    }

    [Fact]
    public async Task Only_algorithms_that_are_allowed_count()
    {
        await using var tokens = await TokenUnderTest.StartAsync(static jwt => jwt with { Algorithms = ["ES256"] });

        Assert.Null(await tokens.HolderOfAsync(tokens.Issuer.Token()));
        Assert.NotNull(await tokens.HolderOfAsync(tokens.Issuer.Token(tokens.Issuer.Ec)));
    }

    [Fact]
    public async Task A_new_key_of_the_issuer_is_known_with_its_first_token_and_an_old_one_forgotten()
    {
        await using var tokens = await TokenUnderTest.StartAsync();
        using var next = Signer.Ec("ec-2");
        Assert.NotNull(await tokens.HolderOfAsync(tokens.Issuer.Token()));
        tokens.Issuer.Publish(next);
        tokens.Time.Advance(TokenIssuer.Pause);

        Assert.NotNull(await tokens.HolderOfAsync(tokens.Issuer.Token(next)));
        Assert.Null(await tokens.HolderOfAsync(tokens.Issuer.Token()));
        Assert.Equal(2, tokens.Issuer.Questions);
    }

    [Fact]
    public async Task A_key_that_the_issuer_takes_back_is_forgotten_after_an_hour_although_no_new_one_comes()
    {
        await using var tokens = await TokenUnderTest.StartAsync();
        Assert.NotNull(await tokens.HolderOfAsync(tokens.Issuer.Token()));
        tokens.Issuer.Publish(tokens.Issuer.Ec);
        Assert.NotNull(await tokens.HolderOfAsync(tokens.Issuer.Token()));

        tokens.Time.Advance(TokenIssuer.Fresh);

        Assert.Null(await tokens.HolderOfAsync(tokens.Issuer.Token()));
    }

    [Fact]
    public async Task Tokens_with_made_up_keys_are_no_flood_for_the_issuer()
    {
        await using var tokens = await TokenUnderTest.StartAsync();
        for (var i = 0; i < 20; i++)
        {
            using var stranger = Signer.Ec("ec-" + (i + 2));
            Assert.Null(await tokens.HolderOfAsync(tokens.Issuer.Token(stranger)));
        }

        Assert.Equal(1, tokens.Issuer.Questions);
    }

    [Fact]
    public async Task An_issuer_that_is_away_is_not_missed_for_a_day()
    {
        await using var tokens = await TokenUnderTest.StartAsync();
        Assert.NotNull(await tokens.HolderOfAsync(tokens.Issuer.Token()));
        tokens.Issuer.Silence();

        tokens.Time.Advance(TokenIssuer.Longest - TimeSpan.FromMinutes(1));
        Assert.NotNull(await tokens.HolderOfAsync(tokens.Issuer.Token()));
        tokens.Time.Advance(TimeSpan.FromMinutes(1));
        await Assert.ThrowsAsync<IssuerUnreachableException>(() => tokens.HolderOfAsync(tokens.Issuer.Token()));

        tokens.Issuer.Silence(false);
        await Assert.ThrowsAsync<IssuerUnreachableException>(() => tokens.HolderOfAsync(tokens.Issuer.Token()));
        tokens.Time.Advance(TokenIssuer.Pause);
        Assert.NotNull(await tokens.HolderOfAsync(tokens.Issuer.Token()));
    }

    [Fact]
    public async Task A_discovery_document_of_another_issuer_is_not_believed()
    {
        await using var tokens = await TokenUnderTest.StartAsync();
        tokens.Issuer.ClaimsToBe = "https://evil.example";

        await Assert.ThrowsAsync<IssuerUnreachableException>(() => tokens.HolderOfAsync(tokens.Issuer.Token()));
    }

    [Fact]
    public async Task An_issuer_without_a_key_is_as_good_as_away()
    {
        await using var tokens = await TokenUnderTest.StartAsync();
        tokens.Issuer.Publish();

        await Assert.ThrowsAsync<IssuerUnreachableException>(() => tokens.HolderOfAsync(tokens.Issuer.Token()));
    }

    [Fact]
    public async Task Keys_may_come_from_a_url_without_a_discovery_document()
    {
        await using var issuer = await IssuerStandIn.StartAsync();
        issuer.ClaimsToBe = "https://evil.example";
        await using var tokens = await TokenUnderTest.StartAsync(jwt => jwt with { Issuer = issuer.Url, KeysUri = issuer.Url + "/keys" });

        Assert.NotNull(await tokens.HolderOfAsync(issuer.Token()));
    }

    [Fact]
    public async Task Keys_may_come_from_a_file_which_is_followed()
    {
        await using var issuer = await IssuerStandIn.StartAsync();
        using var file = new TemporaryFile(issuer.Jwks());
        await using var tokens = await TokenUnderTest.StartAsync(jwt => jwt with { Issuer = issuer.Url, KeysFile = file.Path });
        using var next = Signer.Rsa("rsa-2");
        Assert.NotNull(await tokens.HolderOfAsync(issuer.Token()));

        issuer.Publish(next);
        File.WriteAllText(file.Path, issuer.Jwks());
        tokens.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.NotNull(await tokens.HolderOfAsync(issuer.Token(next)));
        Assert.Equal(0, issuer.Questions);
    }

    [Theory]
    [InlineData("roles", """{"roles":["viewer","operator","x"]}""", "", KeyRole.Operator)]
    [InlineData("roles", """{"roles":"admin"}""", "", KeyRole.Admin)]
    [InlineData("scope", """{"scope":"openid operator"}""", "", KeyRole.Operator)]
    [InlineData("realm_access.roles", """{"realm_access":{"roles":["a","operator"]}}""", "", KeyRole.Operator)]
    [InlineData("https://x.example/roles", """{"https://x.example/roles":["operator"]}""", "", KeyRole.Operator)]
    [InlineData("roles", """{"roles":["ops","admin"]}""", "ops=operator", KeyRole.Operator)]
    [InlineData("roles", """{"roles":["admin"]}""", "ops=operator", KeyRole.User)]
    [InlineData("roles", """{"roles":["Admin"]}""", "", KeyRole.User)]
    [InlineData("roles", """{"roles":[]}""", "", KeyRole.User)]
    [InlineData("groups", """{"roles":["admin"]}""", "", KeyRole.User)]
    [InlineData("a.b", """{"a":"{"}""", "", KeyRole.User)]
    public async Task Roles_are_those_of_the_claim_by_their_names_or_by_the_mapping(string claim, string claims, string mapping, KeyRole expected)
    {
        await using var tokens = await TokenUnderTest.StartAsync(jwt => jwt with
        {
            RoleClaim = claim,
            RoleMapping = mapping.Length == 0 ? [] : [ValueFormats.RoleMapping.Parse(mapping)],
        });

        var holder = await tokens.HolderOfAsync(tokens.Issuer.Token(claims: body =>
        {
            body.Remove("roles");
            foreach (var (name, value) in JsonNode.Parse(claims)!.AsObject())
                body[name] = value!.DeepClone();
        }));

        Assert.Equal(expected, holder!.Role);
    }

    [Fact]
    public async Task A_subject_cannot_write_lines_of_its_own_into_the_log()
    {
        await using var tokens = await TokenUnderTest.StartAsync();

        var holder = await tokens.HolderOfAsync(tokens.Issuer.Token(claims: static claims => claims["sub"] = "a\r\nb c\u00e9" + new string('x', 200)));

        Assert.Equal("a??b?c?" + new string('x', 121), holder!.Subject);
    }

    [Fact]
    public async Task Keys_and_tokens_open_the_control_plane_side_by_side_and_the_log_names_who_it_was()
    {
        await using var issuer = await IssuerStandIn.StartAsync();
        await using var gateway = await StartAsync(issuer);
        var logs = gateway.CaptureLogs();
        var token = issuer.Token(claims: static claims => claims["roles"] = "operator");

        Assert.Equal(HttpStatusCode.OK, await ChooseAsync(gateway, token));
        Assert.Equal(HttpStatusCode.OK, await ChooseAsync(gateway, "hush"));
        Assert.Equal(HttpStatusCode.Forbidden, await ChooseAsync(gateway, issuer.Token()));
        Assert.Equal(HttpStatusCode.Unauthorized, await ChooseAsync(gateway, issuer.Token(claims: Wrong["expired"])));

        await logs.WaitForAsync(static line => line.Contains("PUT /policies 200 code= by=jwt:alice ", StringComparison.Ordinal));
        await logs.WaitForAsync(static line => line.Contains("PUT /policies 200 code= by=control-plane-api-key ", StringComparison.Ordinal));
        await logs.WaitForAsync(static line => line.Contains("PUT /policies 403 code=FORBIDDEN by=jwt:alice ", StringComparison.Ordinal));
        await logs.WaitForAsync(static line => line.Contains("PUT /policies 401 code=UNAUTHORIZED by=nobody ", StringComparison.Ordinal));
        Assert.DoesNotContain(logs.Lines, line => line.Contains(token, StringComparison.Ordinal) || line.Contains("eyJ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_the_issuer_tokens_wait_and_keys_and_generations_go_on()
    {
        await using var issuer = await IssuerStandIn.StartAsync();
        issuer.Silence();
        await using var gateway = await StartAsync(issuer, engines: 1);
        using var chat = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent("""{"model":"sim-8b","max_tokens":2,"messages":[{"role":"user","content":"hi"}]}""") };

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await ChooseAsync(gateway, issuer.Token(claims: static claims => claims["roles"] = "operator")));
        Assert.Equal(HttpStatusCode.OK, await ChooseAsync(gateway, "hush"));
        using var answer = await gateway.Client.SendAsync(chat);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_token_is_no_key_of_an_application()
    {
        await using var issuer = await IssuerStandIn.StartAsync();
        await using var gateway = await StartAsync(issuer, new Secret("clients"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models") { Headers = { { "Authorization", "Bearer " + issuer.Token(claims: static claims => claims["roles"] = "admin") } } };

        using var response = await gateway.Client.SendAsync(request);

        await ApiAssert.ErrorAsync(response, 401, "invalid_api_key");
        Assert.Equal(0, issuer.Questions);
    }

    private static Task<LiveGateway> StartAsync(IssuerStandIn issuer, Secret? apiKey = null, int engines = 0) => LiveGateway.StartAsync(engines, options => options with
    {
        Security = new SecurityOptions
        {
            ApiKey = apiKey,
            ControlPlaneApiKey = new Secret("hush"),
            Jwt = new JwtOptions { Issuer = issuer.Url, Audience = IssuerStandIn.Audience },
        },
    });

    private static async Task<HttpStatusCode> ChooseAsync(LiveGateway gateway, string credential)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "/policies") { Content = new StringContent("""{"policy":"random"}"""), Headers = { { "Authorization", "Bearer " + credential } } };
        using var response = await gateway.Client.SendAsync(request);
        return response.StatusCode;
    }
}
