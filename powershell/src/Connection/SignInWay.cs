using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Finds the way to sign in that the parameters of Connect-AgentUser mean, and the parameters that do not belong to it.</summary>
/// <param name="sets">The parameter sets: one has all parameters, each of the others those of a way.</param>
/// <param name="bound">The parameters that were given.</param>
/// <param name="any">The set that has all parameters.</param>
/// <param name="byDefault">The way where none is chosen.</param>
internal sealed class SignInWay(
    IReadOnlyCollection<CommandParameterSetInfo> sets, IDictionary<string, object> bound, string any, string byDefault)
{
    /// <summary>The member of the configuration that a problem is of which names no member: that of a secret or a certificate beside it.</summary>
    internal const string OfProof = "signIn.proof";

    private static readonly Dictionary<string, string> s_kinds = new()
    {
        ["UseDeviceCode"] = "DeviceCode",
        ["ClientSecretCredential"] = "ClientSecret",
        ["CertificateThumbprint"] = "Certificate",
        ["CertificatePath"] = "Certificate",
        ["ManagedIdentityClientId"] = "ManagedIdentity",
        ["ServiceConnectionId"] = "AzurePipelines",
    };

    /// <summary>Members of the configuration that come from other parameters than those of their own name.</summary>
    private static readonly Dictionary<string, Dictionary<string, string>> s_renamed = new()
    {
        ["ClientSecretCredential"] = new()
        {
            ["signIn.clientId"] = "-ClientSecretCredential (its user name)",
            [OfProof] = "-ClientSecretCredential (its password)",
        },
        ["Certificate"] = new() { [OfProof] = "-Certificate", ["signIn.proof.certificate"] = "-Certificate" },
        ["CertificateThumbprint"] = new() { [OfProof] = "-CertificateThumbprint", ["signIn.proof.certificate"] = "-CertificateThumbprint" },
        ["CertificatePath"] = new() { [OfProof] = "-CertificatePath", ["signIn.proof.certificate"] = "-CertificatePath" },
        ["FederatedTokenFile"] = new() { ["signIn.proof.path"] = "-FederatedTokenFile" },
        ["ManagedIdentityClientId"] = new() { ["signIn.proof.clientId"] = "-ManagedIdentityClientId" },
    };

    /// <summary>The parameters of almost every way.</summary>
    private static readonly string[] s_ofAll = ["TenantId", "ClientId"];

    /// <summary>The kind of sign-in of a way.</summary>
    internal static string Kind(string way) => s_kinds.TryGetValue(way, out string? kind) ? kind : way;

    /// <summary>Members whose parameters have other names in this way.</summary>
    internal static IReadOnlyDictionary<string, string> Renamed(string way) =>
        s_renamed.TryGetValue(way, out Dictionary<string, string>? renamed) ? renamed : [];

    /// <summary>The way that the parameters mean; null where there are none. What contradicts it is added to the faults.</summary>
    internal string? Choose(ParameterFaults faults)
    {
        CommandParameterSetInfo[] ways = [.. sets.Where(set => set.Name != any)];
        string[] given = [.. ways.Select(set => set.Name).Where(IsGiven)];
        if (given.Length > 1)
        {
            string others = string.Join(", ", given.Skip(1).Select(name => "-" + name));
            faults.Add(
                RuleCodes.Contradiction, given[0], $"There is more than one way to sign in: {others}, too.", "Keep one of them.");
        }
        string way = given.FirstOrDefault() ?? byDefault;
        CommandParameterSetInfo[] meant = [.. ways.Where(set => given.Length > 1 ? given.Contains(set.Name) : set.Name == way)];
        string[] strangers = [.. bound.Keys.Where(name => IsGiven(name) && Knows(sets.First(set => set.Name == any), name) && !meant.Any(set => Knows(set, name)))];
        if (given.Length + strangers.Length == 0 && !s_ofAll.Any(IsGiven))
            return null;
        foreach (string empty in bound.Keys.Where(name => IsEmpty(bound[name]) && NeedsValue(name)))
            faults.AddEmpty(empty);
        foreach (string stranger in strangers)
        {
            string homes = string.Join(", ", ways.Where(set => Knows(set, stranger)).Select(set => set.Name == byDefault ? "the sign-in of a person" : "-" + set.Name));
            faults.Add(
                RuleCodes.Contradiction, stranger,
                given.Length == 0 ? $"It goes with {homes}, and nothing of that is given." : $"It goes with {homes}, and not with -{way}.",
                given.Length == 0 ? $"Give one of these, or leave out -{stranger}." : $"Leave out -{stranger}, or sign in in another way.");
        }
        return way;
    }

    private bool IsGiven(string parameter) =>
        bound.TryGetValue(parameter, out object? value) && value is not SwitchParameter { IsPresent: false };

    /// <summary>Whether a parameter was given a value that is none.</summary>
    internal static bool IsEmpty(object? value) => value is null or PSCredential { Password.Length: 0 } || value is string text && text.Trim().Length == 0;

    /// <summary>Whether no value is a fault: a name that is lost would sign in somebody else. A setting without a value is the default.</summary>
    private bool NeedsValue(string parameter) =>
        !Cmdlet.CommonParameters.Contains(parameter)
        && sets.First(set => set.Name == any).Parameters.Any(one => one.Name == parameter && Nullable.GetUnderlyingType(one.ParameterType) is null);

    private static bool Knows(CommandParameterSetInfo set, string parameter) => set.Parameters.Any(one => one.Name == parameter);
}
