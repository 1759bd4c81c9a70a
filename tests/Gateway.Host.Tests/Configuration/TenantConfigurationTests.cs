using Gateway.Host.Admission;
using Gateway.Host.Configuration;

namespace Gateway.Host.Tests.Configuration;

public sealed class TenantConfigurationTests
{
    [Fact]
    public void Tenants_are_read_from_the_configuration_file()
    {
        using var key = new TemporaryFile("from-file\n");
        using var file = new TemporaryFile($"""
            tenants:
              - name: search
                api_key: from-list
                max_concurrent: 8
                requests_per_minute: 600
                tokens_per_minute: 1000000
                max_priority: interactive
              - name: batch
                api_key_file: {key.Path}
            """);

        var tenants = Load.Options($"--config {file.Path}").Tenants;

        Assert.Equal(
            [
                new TenantOptions
                {
                    Name = "search",
                    ApiKey = new("from-list"),
                    MaxConcurrent = 8,
                    RequestsPerMinute = 600,
                    TokensPerMinute = 1_000_000,
                    MaxPriority = RequestPriority.Interactive,
                },
                new TenantOptions { Name = "batch", ApiKey = new("from-file") },
            ],
            tenants);
        Assert.DoesNotContain("from-", tenants[0].ToString() + tenants[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tenants: 5", "tenants: must be a list of tenants")]
    [InlineData("tenants: [{ api_key: k }]", "tenants[0].name: is missing")]
    [InlineData("tenants: [{ name: two words, api_key: k }]", "tenants[0].name: must be one word")]
    [InlineData("tenants: [{ name: a }]", "tenants[0].api_key: give either this or api_key_file")]
    [InlineData("tenants: [{ name: a, api_key: k, api_key_file: f }]", "tenants[0].api_key: give either this or api_key_file")]
    [InlineData("tenants: [{ name: a, api_key_file: /nowhere }]", "tenants[0].api_key_file: cannot read '/nowhere'")]
    [InlineData("tenants: [{ name: a, api_key: k, max_concurrent: 0 }]", "tenants[0].max_concurrent: must be a whole number from 1")]
    [InlineData("tenants: [{ name: a, api_key: k, max_priority: high }]", "tenants[0].max_priority: 'high' is not one of bulk, default, interactive, system")]
    [InlineData("tenants: [{ name: a, api_key: k, max_concurent: 1 }]", "tenants[0].max_concurent: unknown field; did you mean max_concurrent?")]
    [InlineData("tenants: [{ name: a, api_key: k }, { name: a, api_key: l }]", "tenants[1].name: 'a' occurs more than once")]
    [InlineData("tenants: [{ name: a, api_key: k }, { name: b, api_key: k }]", "tenants[1]: has the same key as 'a'")]
    [InlineData("api-key: k\ntenants: [{ name: a, api_key: k }]", "api-key: is also a tenant's")]
    [InlineData("api-key: k\ntenants: [{ name: default, api_key: l }]", "belongs to the tenant 'default'")]
    public void A_wrong_tenant_ends_the_start_with_a_line_that_says_what_is_wrong(string text, string expected)
    {
        using var file = new TemporaryFile(text);

        Assert.Contains(expected, Load.Error($"--config {file.Path}"), StringComparison.Ordinal);
    }
}
