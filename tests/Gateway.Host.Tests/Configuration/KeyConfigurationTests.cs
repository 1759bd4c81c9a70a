using Gateway.Host.Admission;
using Gateway.Host.Configuration;

namespace Gateway.Host.Tests.Configuration;

public sealed class KeyConfigurationTests
{
    private const string Hash = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    [Fact]
    public void Keys_are_read_from_the_configuration_file()
    {
        using var key = new TemporaryFile("from-file\n");
        using var file = new TemporaryFile($$"""
            tenants: [{ name: search }]
            keys:
              - { name: ci, key: "{{Hash}}", role: operator }
              - { name: app, key_file: {{key.Path}}, tenant: search }
            """);

        var security = Load.Options($"--config {file.Path}").Security;

        Assert.Equal(
            [
                new KeyOptions { Name = "ci", Key = new(Hash), Role = KeyRole.Operator },
                new KeyOptions { Name = "app", Key = new("from-file"), Role = KeyRole.User, Tenant = "search" },
            ],
            security.Keys);
        Assert.DoesNotContain("from-file", security.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("ba7816", security.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("keys: 5", "keys: must be a list of keys")]
    [InlineData("keys: [{ key: k }]", "keys[0].name: is missing")]
    [InlineData("keys: [{ name: two words, key: k }]", "keys[0].name: must be one word")]
    [InlineData("keys: [{ name: a }]", "keys[0].key: give either this or key_file")]
    [InlineData("keys: [{ name: a, key: k, key_file: f }]", "keys[0].key: give either this or key_file")]
    [InlineData("keys: [{ name: a, key_file: /nowhere }]", "keys[0].key_file: cannot read '/nowhere'")]
    [InlineData("keys: [{ name: a, key: 'sha256:12' }]", "keys[0].key: a hash is written sha256:HEX or sha256:SALT:HEX")]
    [InlineData("keys: [{ name: a, key: k, role: root }]", "keys[0].role: 'root' is not one of user, viewer, operator, admin")]
    [InlineData("keys: [{ name: a, key: k, roles: admin }]", "keys[0].roles: unknown field; did you mean role?")]
    [InlineData("keys: [{ name: a, key: k, tenant: b }]", "keys[0].tenant: there is no tenant 'b'")]
    [InlineData("keys: [{ name: a, key: k }, { name: a, key: l }]", "keys[1].name: 'a' occurs more than once")]
    [InlineData("keys: [{ name: a, key: k }, { name: b, key: k, role: admin }]", "keys[1]: has the same key as 'a'")]
    [InlineData("keys: [{ name: a, key: abc }, { name: b, key: '" + Hash + "' }]", "keys[1]: has the same key as 'a'")]
    [InlineData("keys: [{ name: a, key: 'sha256:ab:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' }, { name: b, key: c }]", "keys[1]: has the same key as 'a'")]
    [InlineData("api-key: k\nkeys: [{ name: a, key: k }]", "keys[0]: has the same key as 'default'")]
    [InlineData("control-plane-api-key: k\nkeys: [{ name: a, key: k }]", "keys[0]: has the same key as 'control-plane-api-key'")]
    [InlineData("tenants: [{ name: t, api_key: k }]\nkeys: [{ name: a, key: k }]", "keys[0]: has the same key as 't'")]
    [InlineData("tenants: [{ name: t, api_key: 'sha256:12' }]", "tenants[0].api_key: a hash is written sha256:HEX")]
    [InlineData("api-key: 'sha256:12'", "api-key: a hash is written sha256:HEX")]
    [InlineData("keys: [{ name: a, key: k }]\nopen-control-plane: true", "open-control-plane: contradicts the control plane's keys and tokens")]
    [InlineData("keys-file: /nowhere", "keys-file: '/nowhere': cannot be read")]
    public void A_wrong_key_ends_the_start_with_a_line_that_says_what_is_wrong(string text, string expected)
    {
        using var file = new TemporaryFile(text);

        var error = Load.Error($"--config {file.Path}");

        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.DoesNotContain("ba7816", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("5", "must be a list of keys, or a mapping with nothing but 'keys'")]
    [InlineData("[{ name: a }]", "keys[0].key: give either this or key_file")]
    [InlineData("[{ name: a, key: k }]", "keys[0]: has the same key as 'default'")]
    public void A_wrong_keys_file_ends_the_start(string text, string expected)
    {
        using var file = new TemporaryFile(text);

        Assert.Equal($"--keys-file: '{file.Path}': {expected}", Load.Error($"--keys-file {file.Path} --api-key k"));
    }

    [Theory]
    [InlineData("--jwt-audience g", "--jwt-audience: is of no use without jwt-issuer")]
    [InlineData("--jwt-role-mapping a=admin", "--jwt-role-mapping: is of no use without jwt-issuer")]
    [InlineData("--jwt-issuer https://i.example", "--jwt-issuer: needs jwt-audience")]
    [InlineData("--jwt-issuer http://i.example --jwt-audience g", "--jwt-issuer: 'http://i.example' is not a URL that begins with https://")]
    [InlineData("--jwt-issuer i --jwt-audience g", "--jwt-issuer: 'i' is not a URL that begins with https://")]
    [InlineData("--jwt-issuer i --jwt-audience g --jwt-jwks-uri http://i.example/keys", "--jwt-jwks-uri: 'http://i.example/keys' is not a URL")]
    [InlineData("--jwt-issuer i --jwt-audience g --jwt-jwks-file /nowhere", "--jwt-jwks-file: '/nowhere' cannot be read")]
    [InlineData("--jwt-issuer i --jwt-audience g --jwt-jwks-file /nowhere --jwt-jwks-uri https://i", "--jwt-jwks-file: cannot be given together with jwt-jwks-uri")]
    [InlineData("--jwt-issuer https://i --jwt-audience g --jwt-role-mapping a=user", "--jwt-role-mapping: 'a=user' is not of the form")]
    [InlineData("--jwt-issuer https://i --jwt-audience g --jwt-algorithms HS256", "--jwt-algorithms: unknown algorithm 'HS256'")]
    [InlineData("--jwt-issuer https://i --jwt-audience g --jwt-clock-skew-secs 601", "--jwt-clock-skew-secs: '601' is not a number from 0 to 600")]
    [InlineData("--jwt-issuer https://i --jwt-audience g --open-control-plane", "--open-control-plane: contradicts the control plane's keys and tokens")]
    public void Wrong_settings_of_tokens_end_the_start(string commandLine, string expected) =>
        Assert.StartsWith(expected, Load.Error(commandLine), StringComparison.Ordinal);

    [Theory]
    [InlineData("{}", "has no RSA or EC key for signatures")]
    [InlineData("[", "is not a JSON web key set")]
    [InlineData("""{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}""", "has no RSA or EC key for signatures")]
    public void A_file_of_the_issuers_keys_must_have_some(string text, string expected)
    {
        using var file = new TemporaryFile(text);

        Assert.Equal($"--jwt-jwks-file: '{file.Path}' {expected}", Load.Error($"--jwt-issuer i --jwt-audience g --jwt-jwks-file {file.Path}"));
    }

    [Fact]
    public void Tokens_may_come_from_this_machine_without_tls() =>
        Assert.True(Load.Options("--jwt-issuer http://127.0.0.1:8080/realms/a --jwt-audience g --jwt-role-mapping ops=operator root=admin").Security.Jwt.IsOn);
}
