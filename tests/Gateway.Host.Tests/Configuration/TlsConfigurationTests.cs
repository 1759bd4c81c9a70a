using Gateway.Host.Tests.Support;

namespace Gateway.Host.Tests.Configuration;

public sealed class TlsConfigurationTests : IDisposable
{
    private readonly TestAuthority _authority = new();

    [Fact]
    public void Certificate_and_key_go_together()
    {
        var (certificate, key) = _authority.IssueFiles("server", forServer: true);

        Assert.True(Load.Options($"--tls-cert-path {certificate} --tls-key-path {key}").Listen.Tls.IsOn);
        Assert.Equal("--tls-cert-path: is of no use without tls-key-path", Load.Error($"--tls-cert-path {certificate}"));
        Assert.Equal("--tls-key-path: is of no use without tls-cert-path", Load.Error($"--tls-key-path {key}"));
        Assert.Equal("--tls-client-ca-path: is of no use without tls-cert-path", Load.Error($"--tls-client-ca-path {_authority.Path}"));
    }

    [Fact]
    public void Files_that_are_bad_end_the_start_with_one_line_that_names_the_option()
    {
        var (certificate, key) = _authority.IssueFiles("server", forServer: true);
        var (_, other) = _authority.IssueFiles("other", forServer: true);

        Assert.Equal("--tls-cert-path: cannot read '/nowhere/c.pem'", Load.Error($"--tls-cert-path /nowhere/c.pem --tls-key-path {key}"));
        Assert.Equal("--tls-key-path: cannot read '/nowhere/k.pem'", Load.Error($"--tls-cert-path {certificate} --tls-key-path /nowhere/k.pem"));
        Assert.Equal($"--tls-cert-path: '{key}' holds no certificate in PEM", Load.Error($"--tls-cert-path {key} --tls-key-path {key}"));
        Assert.Equal(
            $"--tls-key-path: '{other}' holds no unencrypted PEM key that belongs to the certificate",
            Load.Error($"--tls-cert-path {certificate} --tls-key-path {other}"));
        Assert.Equal(
            $"--tls-client-ca-path: '{key}' holds no certificate in PEM",
            Load.Error($"--tls-cert-path {certificate} --tls-key-path {key} --tls-client-ca-path {key}"));
    }

    [Fact]
    public void The_same_is_checked_of_what_is_for_workers()
    {
        var (certificate, key) = _authority.IssueFiles("gateway", forServer: false);

        Assert.Equal(certificate, Load.Options($"--client-cert-path {certificate} --client-key-path {key} --client-ca-cert-path {_authority.Path}").Fleet.Tls.CertificatePath);
        Assert.Equal("--client-cert-path: is of no use without client-key-path", Load.Error($"--client-cert-path {certificate}"));
        Assert.Equal("--client-key-path: is of no use without client-cert-path", Load.Error($"--client-key-path {key}"));
        Assert.Equal("--client-ca-cert-path: cannot read '/nowhere/ca.pem'", Load.Error("--client-ca-cert-path /nowhere/ca.pem"));
    }

    public void Dispose() => _authority.Dispose();
}
