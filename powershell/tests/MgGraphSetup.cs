using System.Text.Json.Nodes;

namespace AgentUsers.PowerShell.Tests;

/// <summary>The stand-in for Microsoft.Graph.Authentication, signed in to a simulator.</summary>
internal static class MgGraphSetup
{
    internal const string Scopes = "AgentIdUser.ReadWrite.All, AgentIdentity.Read.All, LicenseAssignment.Read.All";

    /// <summary>The folder of the module.</summary>
    internal static string Module { get; } = Path.Combine(Repository.Root, "powershell", "tests", "modules", "Microsoft.Graph.Authentication");

    /// <summary>Starts a simulator and signs in to it with the stand-in. Its repetitions come without a delay.</summary>
    internal static Tenant SignIn(this Engine engine, string options = "", string scopes = Scopes)
    {
        dynamic simulator = engine.Run($"($simulator = Start-AgentUserSimulator -AccessToken admin -LatencyMilliseconds 0, 0 {options})").Check().Single();
        var endpoint = (Uri)simulator.GraphEndpoint;
        engine.SignIn(endpoint, scopes);
        return new Tenant(endpoint);
    }

    /// <summary>Signs in to a server with the stand-in.</summary>
    internal static void SignIn(this Engine engine, Uri endpoint, string scopes = Scopes) => engine.Run(
        $$"""
        Import-Module $args[0]
        Set-MgStandIn -Token admin
        Set-MgRequestContext -RetryDelay 0
        Add-MgEnvironment -Name Simulated -AzureADEndpoint $args[1] -GraphEndpoint $args[1].AbsoluteUri
        Connect-MgGraph -Environment Simulated -NoWelcome {{(scopes.Length > 0 ? "-Scopes " + scopes : "")}}
        """, Module, endpoint).Check();

    /// <summary>Signs in, and connects by the session of that.</summary>
    internal static Tenant ConnectMgGraph(this Engine engine, string options = "", string parameters = "")
    {
        Tenant tenant = engine.SignIn(options);
        engine.Run($"Connect-AgentUser -MgGraph {parameters}").Check();
        return tenant;
    }

    /// <summary>A fault of a request.</summary>
    internal static JsonObject Fault(string method, string path, string fault, params (string Name, JsonNode Value)[] more)
    {
        var json = new JsonObject { ["method"] = method, ["path"] = path, ["fault"] = fault };
        foreach ((string name, JsonNode value) in more)
            json[name] = value;
        return json;
    }
}
