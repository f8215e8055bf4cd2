using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Gets the licenses of agent users: each assignment, direct or by a group, with its state and the service plans that are off.</summary>
/// <remarks>
/// <para>
/// An assignment that failed has a Problem, with the fix. Each agent user takes a request, and the names of the SKUs another one.
/// </para>
/// </remarks>
/// <example>
/// <code>Get-AgentUserLicense agent25@contoso.com</code>
/// <para>Gets the licenses of one agent user.</para>
/// </example>
/// <example>
/// <code>Get-AgentUser -Department Pilot | Get-AgentUserLicense | Where-Object State -ne 'Active'</code>
/// <para>Finds assignments that are not active.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "AgentUserLicense")]
[OutputType(typeof(PSAgentUserLicense))]
public sealed class GetAgentUserLicenseCommand : UserReadCommand
{
    private protected override string What => "the licenses";

    private protected override JsonValue Request(string user) => Operations.Licenses(user);

    private protected override void Write(string user, JsonValue read)
    {
        foreach (JsonValue license in read.Items)
            WriteObject(new PSAgentUserLicense(user, new LicenseAssignment(license)));
    }
}
