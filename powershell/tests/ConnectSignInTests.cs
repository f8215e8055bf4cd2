using System.Management.Automation;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using static AgentUsers.PowerShell.Tests.AgentTenant;

namespace AgentUsers.PowerShell.Tests;

/// <summary>The ways to sign in that Connect-AgentUser has, against the simulator's Entra.</summary>
public sealed partial class ConnectSignInTests
{
    [Fact]
    public void An_application_and_its_agents_sign_in_by_a_secret()
    {
        using var tenant = new AgentTenant();
        const string Endpoint = "-GraphEndpoint $simulator.GraphEndpoint";
        Assert.Equal(("ClientSecret", Blueprint), tenant.Connect($"-TenantId {Home} -ClientSecretCredential $secret {Endpoint}"));
        Assert.Equal("ClientSecret", tenant.Connect($"-TenantId {Home} -ClientSecretCredential $secret -AgentIdentityId {Identity} {Endpoint}").SignIn);
        Assert.Equal(("ClientSecret", UserName), tenant.Connect($"-ClientSecretCredential $secret {Agent}"));
        Assert.Equal(("ClientSecret", UserName), tenant.Connect(
            $"-TenantId {Home} -ClientSecretCredential $secret -AgentIdentityId {Identity} -AgentUserPrincipalName {UserName} {Endpoint}"));
        Assert.Equal(UserName, tenant.Engine.Run($"Get-AgentUser {User}").Values("UserPrincipalName").Single());
    }

    [Fact]
    public void A_certificate_signs_from_an_object_a_store_and_files()
    {
        using var tenant = new AgentTenant();
        using var key = RSA.Create(2048);
        using X509Certificate2 certificate = SelfSigned(key);
        tenant.Register(certificate);
        string proof = $"-ClientId {Blueprint} {Agent}";
        Assert.Equal(("Certificate", UserName), tenant.Connect($"{proof} -Certificate $args[0] -SendCertificateChain", certificate));

        string folder = Directory.CreateTempSubdirectory().FullName;
        string pfx = Path.Combine(folder, "blueprint.pfx"), open = Path.Combine(folder, "open.pfx"), pem = Path.Combine(folder, "blueprint.pem");
        File.WriteAllBytes(pfx, certificate.Export(X509ContentType.Pfx, "open sesame"));
        File.WriteAllBytes(open, certificate.Export(X509ContentType.Pfx));
        File.WriteAllText(pem, certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
        Assert.Equal(UserName, tenant.Connect($"{proof} -CertificatePath $args[0] -CertificatePassword $args[1]", pfx, Secure.Text("open sesame")).Account);
        Assert.Equal(UserName, tenant.Connect($"{proof} -CertificatePath $args[0]", open).Account);
        // A path is one of the session, which has a location of its own.
        tenant.Engine.Run("$null = $ExecutionContext.SessionState.Path.SetLocation($args[0])", folder).Check();
        Assert.Equal(UserName, tenant.Connect($"{proof} -CertificatePath ./blueprint.pem").Account);

        using var store = new X509Store(StoreName.My, StoreLocation.CurrentUser);
        store.Open(OpenFlags.ReadWrite);
        using X509Certificate2 stored = X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null, X509KeyStorageFlags.PersistKeySet);
        store.Add(stored);
        try
        {
            // As it is copied from Windows' own page.
            string shown = "\u200e" + string.Join(' ', certificate.Thumbprint.ToLowerInvariant().Chunk(2).Select(pair => new string(pair)));
            Assert.Equal(UserName, tenant.Connect($"{proof} -CertificateThumbprint $args[0]", shown).Account);
        }
        finally
        {
            store.Remove(stored);
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_certificate_that_can_not_be_used_says_why()
    {
        using var tenant = new AgentTenant();
        using var key = RSA.Create(2048);
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 certificate = SelfSigned(key), old = SelfSigned(key, daysLeft: -3), bare = X509CertificateLoader.LoadCertificate(certificate.RawData);
        X509Certificate2 gone = SelfSigned(key);
        gone.Dispose();
        using X509Certificate2 elliptic = new CertificateRequest("CN=curve", curve, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1));
        tenant.Register(old);
        string folder = Directory.CreateTempSubdirectory().FullName;
        string Write(string name, byte[] content)
        {
            File.WriteAllBytes(Path.Combine(folder, name), content);
            return Path.Combine(folder, name);
        }
        string pem = certificate.ExportCertificatePem() + "\n";
        string pfx = Write("a.pfx", certificate.Export(X509ContentType.Pfx, "right")), noKey = Write("a.pem", System.Text.Encoding.ASCII.GetBytes(pem));
        string whole = Write("b.pem", System.Text.Encoding.ASCII.GetBytes(pem + key.ExportPkcs8PrivateKeyPem()));
        (string Parameters, object Value, string Message)[] wrong =
        [
            ("-Certificate $args[0]", bare, "no private RSA key"),
            ("-Certificate $args[0]", elliptic, "no private RSA key"),
            ("-Certificate $args[0]", gone, "no private RSA key"),
            ("-CertificatePath $args[0]", Write("empty.pfx", []), "can't be opened"),
            ("-CertificatePath $args[0]", Write("large.pfx", new byte[(1 << 20) + 1]), "more than 1 MiB"),
            ("-CertificatePath $args[0]", "/dev/zero", "more than 1 MiB"),
            ("-Certificate $args[0]", old, "expired 3 days ago"),
            ("-CertificatePath $args[0]", pfx, "without a password"),
            ("-CertificatePath $args[0] -CertificatePassword (ConvertTo-Secure wrong)", pfx, "by this password"),
            ("-CertificatePath $args[0] -CertificatePassword (ConvertTo-Secure any)", whole, "only PFX files are opened by a password"),
            ("-CertificatePath $args[0]", noKey, "no private key"),
            ("-CertificatePath $args[0]", Write("text.txt", [65, 66]), "can't be opened"),
            ("-CertificatePath $args[0]", Path.Combine(folder, "nowhere.pfx"), "There is no file"),
            ("-CertificateThumbprint $args[0]", new string('0', 40), "No certificate with the thumbprint"),
        ];
        tenant.Engine.Run("function ConvertTo-Secure($text) { $made = [securestring]::new(); $text.ToCharArray().ForEach({ $made.AppendChar($_) }); $made }").Check();
        foreach ((string parameters, object value, string message) in wrong)
        {
            ErrorRecord error = tenant.Engine.Run($"Connect-AgentUser -ClientId {Blueprint} {Agent} {parameters}", value).Error;
            Assert.StartsWith("CertificateUnusable,", error.FullyQualifiedErrorId);
            Assert.Contains(message, error.ToString(), StringComparison.Ordinal);
            Assert.NotEmpty(error.ErrorDetails.RecommendedAction);
        }
        // Beside other faults it is one of them.
        ErrorRecord both = tenant.Engine.Run($"Connect-AgentUser -ClientId {Blueprint} {Agent} -Certificate $args[0] -Scope User.Read", old).Error;
        dynamic[] violations = [.. ((dynamic)both.Exception).Problem.Violations];
        Assert.Equal(["-Certificate CertificateUnusable", "-Scope Contradiction"], violations.Select(one => $"{one.Field} {one.Code}").Order(StringComparer.Ordinal));
        Assert.Contains("The certificate", both.ToString(), StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    [System.Runtime.Versioning.SupportedOSPlatform("linux")]
    public void A_certificate_file_that_others_may_read_or_change_is_warned_of()
    {
        using var tenant = new AgentTenant();
        using var key = RSA.Create(2048);
        using X509Certificate2 certificate = SelfSigned(key);
        tenant.Register(certificate);
        string folder = Directory.CreateTempSubdirectory().FullName;
        string pfx = Path.Combine(folder, "a.pfx"), pem = Path.Combine(folder, "a.pem");
        File.WriteAllBytes(pfx, certificate.Export(X509ContentType.Pfx));
        File.WriteAllText(pem, certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
        const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        foreach (string file in new[] { pfx, pem })
        {
            foreach ((UnixFileMode more, string? may) in new[] { (UnixFileMode.None, (string?)null), (UnixFileMode.GroupRead, "read"), (UnixFileMode.OtherRead | UnixFileMode.OtherWrite, "change") })
            {
                File.SetUnixFileMode(file, Own | more);
                using var shell = tenant.Engine.Shell($"Connect-AgentUser -ClientId {Blueprint} {Agent} -CertificatePath $args[0]", file);
                shell.Invoke();
                Assert.Empty(shell.Streams.Error);
                Assert.Equal(
                    may is null ? [] : [$"Other users of this machine may {may} the certificate file {file}. Run chmod 600 {file}."],
                    shell.Streams.Warning.Select(warning => warning.Message));
            }
        }
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_cluster_vouches_by_a_file_that_is_read_anew()
    {
        using var tenant = new AgentTenant();
        tenant.Tenant.Graph($"/applications/b1000000-0000-4000-8000-000000000001/federatedIdentityCredentials", new JsonObject
        {
            ["name"] = "cluster",
            ["issuer"] = "https://cluster.contoso.example/",
            ["subject"] = "system:serviceaccount:agents:blueprint",
            ["audiences"] = new JsonArray("api://AzureADTokenExchange"),
        });
        string file = Path.GetTempFileName();
        string connect = $"Connect-AgentUser -ClientId {Blueprint} {Agent} -FederatedTokenFile $args[0]";
        File.WriteAllText(file, "no token at all");
        Assert.Equal(ErrorCategory.AuthenticationError, tenant.Engine.Run(connect, file).Error.CategoryInfo.Category);
        File.WriteAllText(file, tenant.Tenant.ClusterToken());
        Assert.Equal(("FederatedTokenFile", UserName), tenant.Connect($"-ClientId {Blueprint} {Agent} -FederatedTokenFile $args[0]", file));
        File.Delete(file);
        Assert.Contains(file, tenant.Engine.Run(connect, file).Error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_person_types_a_code_that_is_shown_as_a_warning(bool approves)
    {
        using var tenant = new AgentTenant();
        using var shell = tenant.Engine.Shell($"Connect-AgentUser -UseDeviceCode -TenantId {Home} -ClientId {Program} -Scope User.Read.All -GraphEndpoint $simulator.GraphEndpoint -PassThru");
        shell.Streams.Warning.DataAdded += (_, added) =>
        {
            string code = UserCode().Match(shell.Streams.Warning[added.Index].Message).Value;
            tenant.Tenant.Control("device-code", new JsonObject { ["userCode"] = code, ["user"] = approves ? Person : null });
        };
        if (!approves)
        {
            Assert.Empty(shell.Invoke());
            Assert.StartsWith("SignInDeclined,", Assert.Single(shell.Streams.Error).FullyQualifiedErrorId);
            Assert.StartsWith("NotConnected,", tenant.Engine.Run("Get-AgentUser").Error.FullyQualifiedErrorId);
            return;
        }
        dynamic connection = shell.Invoke().Single();
        Assert.Equal(("DeviceCode", Person), ((string)connection.SignIn, (string)connection.Account));
        Assert.Single(shell.Streams.Warning);
        Assert.Empty(tenant.Engine.Host.Screen.Questions);
        // Its refresh token is in memory: nobody is asked again.
        Assert.Equal(Person, tenant.Engine.Run("Get-AgentUserToken -ForceRefresh").Values("Account").Single());
    }

    [Fact]
    public void A_person_without_a_role_sees_the_agents_that_the_person_sponsors()
    {
        using var tenant = new AgentTenant();
        using var shell = tenant.Engine.Shell($"Connect-AgentUser -UseDeviceCode -TenantId {Home} -ClientId {Program} -Scope User.Read -GraphEndpoint $simulator.GraphEndpoint -PassThru");
        shell.Streams.Warning.DataAdded += (_, added) =>
            tenant.Tenant.Control("device-code", new JsonObject { ["userCode"] = UserCode().Match(shell.Streams.Warning[added.Index].Message).Value, ["user"] = Person });
        Assert.Single(shell.Invoke());
        foreach (string cmdlet in new[] { "Get-AgentUser", "Get-AgentIdentity" })
        {
            string[] mine = [.. tenant.Engine.Run($"{cmdlet} -Mine").Check().Select(one => one.ToString())];
            Assert.Equal(mine, tenant.Engine.Run($"{cmdlet} -SponsoredBy {Person}").Check().Select(one => one.ToString()));
        }
        Assert.NotEmpty(tenant.Engine.Run("Get-AgentIdentity -Mine").Check());
        Assert.StartsWith("NotFound,", tenant.Engine.Run("Get-AgentUser -SponsoredBy nobody@contoso.com").Error.FullyQualifiedErrorId);
    }

    [Fact]
    public void A_person_is_asked_for_the_permissions_of_tasks()
    {
        using var tenant = new AgentTenant();
        string[] needed = [.. tenant.Engine.Run("Get-AgentUserPermission -For Delete, Purge -Caller Delegated | Where-Object { $_.Kind -eq 'Permission' -and $_.Need -eq 'Always' }").Values("Permission").Cast<string>()];
        Assert.NotEmpty(needed);
        string[] Granted(string parameters)
        {
            using var shell = tenant.Engine.Shell($"Connect-AgentUser -UseDeviceCode -TenantId {Home} -ClientId {Program} -GraphEndpoint $simulator.GraphEndpoint {parameters}; (Get-AgentUserToken).Scope");
            shell.Streams.Warning.DataAdded += (_, added) =>
                tenant.Tenant.Control("device-code", new JsonObject { ["userCode"] = UserCode().Match(shell.Streams.Warning[added.Index].Message).Value, ["user"] = Person });
            string scope = Assert.Single(shell.Invoke()).ToString();
            Assert.Empty(shell.Streams.Error);
            return [.. scope.Split(' ').Select(one => one[(one.LastIndexOf('/') + 1)..])];
        }
        // A token has what was asked for, because nothing was consented to before.
        string[] granted = Granted("-For Delete, Purge");
        Assert.Subset(granted.ToHashSet(), needed.ToHashSet());
        Assert.DoesNotContain("Mail.Read", granted);
        granted = Granted("-For Delete, Purge -Scope Mail.Read");
        Assert.Subset(granted.ToHashSet(), needed.Append("Mail.Read").ToHashSet());
    }

    [Theory]
    [InlineData("$WarningPreference = 'SilentlyContinue'; ", "")]
    [InlineData("$WarningPreference = 'Ignore'; ", "")]
    [InlineData("", "-WarningAction SilentlyContinue")]
    public void A_code_is_shown_where_warnings_are_hidden(string before, string parameters)
    {
        using var tenant = new AgentTenant();
        using var shell = tenant.Engine.Shell($"{before}Connect-AgentUser -UseDeviceCode -TenantId {Home} -ClientId {Program} -Scope User.Read.All -GraphEndpoint $simulator.GraphEndpoint -PassThru {parameters}");
        shell.Streams.Information.DataAdded += (_, added) =>
        {
            InformationRecord record = shell.Streams.Information[added.Index];
            Assert.Contains("PSHOST", record.Tags);
            tenant.Tenant.Control("device-code", new JsonObject { ["userCode"] = UserCode().Match(record.MessageData.ToString()!).Value, ["user"] = Person });
        };
        IAsyncResult running = shell.BeginInvoke();
        Assert.True(running.AsyncWaitHandle.WaitOne(TimeSpan.FromSeconds(60)));
        dynamic connection = shell.EndInvoke(running).Single();
        Assert.Equal(Person, (string)connection.Account);
        Assert.Empty(shell.Streams.Warning);
    }

    [Fact]
    public void Ctrl_C_ends_the_wait_for_a_person()
    {
        using var tenant = new AgentTenant();
        using var shell = tenant.Engine.Shell($"Connect-AgentUser -UseDeviceCode -TenantId {Home} -ClientId {Program} -GraphEndpoint $simulator.GraphEndpoint");
        using var shown = new ManualResetEventSlim();
        shell.Streams.Warning.DataAdded += (_, _) => shown.Set();
        IAsyncResult running = shell.BeginInvoke();
        Assert.True(shown.Wait(TimeSpan.FromSeconds(60)));
        shell.Stop();
        Assert.Throws<PipelineStoppedException>(() => shell.EndInvoke(running));
        Assert.StartsWith("NotConnected,", tenant.Engine.Run("Get-AgentUser").Error.FullyQualifiedErrorId);
    }

    [Fact]
    public void A_refused_sign_in_ends_the_connecting_and_leaves_the_former_connection()
    {
        using var tenant = new AgentTenant();
        tenant.Connect($"-ClientSecretCredential $secret {Agent}");
        ErrorRecord error = tenant.Engine.Run($"Connect-AgentUser -ClientSecretCredential $args[0] {Agent}", Secure.Credential(Blueprint, "wrong-one")).Error;
        Assert.StartsWith("SignInSecretWrong,", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.AuthenticationError, error.CategoryInfo.Category);
        Assert.DoesNotContain("wrong-one", error.ToString() + error.Exception, StringComparison.Ordinal);
        Assert.Equal(UserName, tenant.Engine.Run("Get-AgentUserToken").Values("Account").Single());
        error = tenant.Engine.Run($"Connect-AgentUser -ClientSecretCredential $secret -TenantId fabrikam.com -GraphEndpoint $simulator.GraphEndpoint").Error;
        Assert.StartsWith("SignInTenantUnknown,", error.FullyQualifiedErrorId);
    }

    [GeneratedRegex(@"\b[A-Z0-9]{8,9}\b")]
    private static partial Regex UserCode();
}
