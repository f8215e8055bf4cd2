using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Web;
using AgentUsers.PowerShell.Host;
using static AgentUsers.PowerShell.Tests.AgentTenant;

namespace AgentUsers.PowerShell.Tests;

/// <summary>The sign-in of a person in the browser of the machine, in a process of its own: there the browser is what a test puts there.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class BrowserTests
{
    private const string Connect =
        """
        param($Module, $Endpoint, $Tenant, $Client)
        Import-Module $Module
        try { Connect-AgentUser -TenantId $Tenant -ClientId $Client -Scope User.Read -For Purge -GraphEndpoint $Endpoint -PassThru | ForEach-Object { "$($_.SignIn) $($_.Account)" } }
        catch { $_.FullyQualifiedErrorId; "$_"; $_.ErrorDetails.RecommendedAction }
        """;

    [Fact]
    public async Task The_browser_of_the_system_is_opened_and_comes_back()
    {
        using var tenant = new AgentTenant();
        tenant.Tenant.Control("approver", new JsonObject { ["user"] = Person });
        using var http = new HttpClient();
        using Process process = Start(tenant, hasDesktop: true, "echo \"open $1\"");
        var said = new List<string>();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            said.Add(line);
            // It follows the redirect to the port of this machine, as a browser does.
            if (line.StartsWith("open http", StringComparison.Ordinal))
                Assert.Contains("You are signed in.", await http.GetStringAsync(line[5..]), StringComparison.Ordinal);
        }
        Assert.Equal("", await process.StandardError.ReadToEndAsync());
        Assert.Contains(said, line => line.StartsWith("A browser opens now", StringComparison.Ordinal));
        Assert.Equal($"Browser {Person}", said[^1]);
        string[] scopes = HttpUtility.ParseQueryString(new Uri(said.Single(line => line.StartsWith("open http", StringComparison.Ordinal))[5..]).Query)["scope"]!
            .Split(' ').Select(scope => scope[(scope.LastIndexOf('/') + 1)..]).ToArray();
        Assert.Subset(scopes.ToHashSet(), new HashSet<string> { "User.Read", "User.Read.All", "User.ReadWrite.All" });
        Assert.DoesNotContain(".default", scopes);
    }

    [Fact]
    public async Task Without_a_desktop_there_is_an_error_at_once_that_names_the_other_way()
    {
        using var tenant = new AgentTenant();
        using Process process = Start(tenant, hasDesktop: false, "exit 0");
        string[] said = (await process.StandardOutput.ReadToEndAsync()).Split('\n');
        Assert.Equal("NoBrowser,AgentUsers.PowerShell.ConnectAgentUserCommand", said[0]);
        Assert.Contains("no desktop", said[1], StringComparison.Ordinal);
        Assert.Contains("-UseDeviceCode", said[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_opener_that_fails_ends_the_sign_in_at_once()
    {
        using var tenant = new AgentTenant();
        using Process process = Start(tenant, hasDesktop: true, "exit 3");
        string all = await process.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromMinutes(2));
        string[] said = [.. all.Split('\n').SkipWhile(line => line.StartsWith("A browser opens now", StringComparison.Ordinal))];
        Assert.Equal("NoBrowser,AgentUsers.PowerShell.ConnectAgentUserCommand", said[0]);
        Assert.Contains("exit code 3", said[1], StringComparison.Ordinal);
        Assert.Contains("-UseDeviceCode", said[2], StringComparison.Ordinal);
        Assert.DoesNotContain("code_challenge", all, StringComparison.Ordinal);
    }

    /// <summary>Starts the script where <c>xdg-open</c> is this program.</summary>
    private static Process Start(AgentTenant tenant, bool hasDesktop, string program)
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        string opener = Path.Combine(folder, "xdg-open"), script = Path.Combine(folder, "connect.ps1");
        File.WriteAllText(opener, $"#!/bin/sh\n{program}\n");
        File.SetUnixFileMode(opener, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.WriteAllText(script, Connect);
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in new[] { typeof(ScriptHost).Assembly.Location, "run", script, Repository.Module, tenant.Tenant.Endpoint.ToString(), Home, Program })
            start.ArgumentList.Add(argument);
        start.Environment["PATH"] = folder + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH");
        start.Environment["DISPLAY"] = hasDesktop ? ":0" : "";
        start.Environment["WAYLAND_DISPLAY"] = start.Environment["BROWSER"] = "";
        return Process.Start(start)!;
    }
}
