using System;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Gets an access token of the connection, for Graph or for another service.</summary>
/// <remarks>
/// <para>
/// The token comes from memory while it is good for some minutes more. It is a SecureString, as Invoke-RestMethod and Connect-MgGraph
/// take it; -AsPlainText makes it a string. A program that has the token acts as the account that signed in, until it ends.
/// </para>
/// <para>
/// Over the session of Connect-MgGraph there is none: that session keeps its tokens to itself.
/// </para>
/// </remarks>
/// <example>
/// <code>Invoke-RestMethod https://graph.microsoft.com/v1.0/me -Authentication Bearer -Token (Get-AgentUserToken).Token</code>
/// <para>Reads the account of who signed in, such as an agent user.</para>
/// </example>
/// <example>
/// <code>Get-AgentUserToken | Select-Object Account, Scope, ExpiresOn</code>
/// <para>Tells whose token it is, what it is for and when it ends.</para>
/// </example>
/// <example>
/// <code>Get-AgentUserToken -Scope https://storage.azure.com/.default</code>
/// <para>Gets a token for another service.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "AgentUserToken")]
[OutputType(typeof(PSAgentUserToken))]
public sealed class GetAgentUserTokenCommand : AgentUserCommand
{
    /// <summary>The scopes, all of one service; by default those of Graph that were granted.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string[]? Scope { get; set; }

    /// <summary>Makes the token a string, which anybody who sees the output can read.</summary>
    [Parameter]
    public SwitchParameter AsPlainText { get; set; }

    /// <summary>Signs in anew, for a token that a service refused.</summary>
    [Parameter]
    public SwitchParameter ForceRefresh { get; set; }

    /// <summary>Gets the token.</summary>
    protected override void ProcessRecord()
    {
        AgentUserConnection connection = Connected();
        if (connection.MgGraph is not null)
        {
            Refuse(
                "NotWithMgGraph", "The session of Connect-MgGraph keeps its tokens to itself, and this module reads none.",
                "Send requests by Invoke-MgGraphRequest; or connect in another way, such as with -TenantId and -ClientId.");
        }
        if (connection.HasOneToken && Scope is not null)
        {
            Refuse(
                ProblemCodes.TokenMissing, "The connection has one token, which was given and is for one service.",
                "Leave out -Scope, or connect with a script block for -AccessToken, which is told the scope.");
        }
        CallResult result = Pump(connection, "Getting a token", () => connection.StartToken(Scope ?? [], ForceRefresh));
        if (result.Problem is { } problem)
            WriteProblem(problem, null);
        else
            WriteObject(new PSAgentUserToken(result, AsPlainText));
    }
}
