using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Waits until the token of the connection carries a permission, and gets new tokens for that.</summary>
/// <remarks>
/// <para>
/// An admin grants the permission by another connection; the connection that waits is signed in as the blueprint, agent identity or agent user
/// that gets it. It waits as long as -ReplicationTimeout of Connect-AgentUser says; then a missing permission is an error. Without -PassThru nothing is output: the next command begins when
/// the token carries all of them.
/// </para>
/// <para>
/// A token that shows no permissions is a warning, because the cmdlet can't see whether it carries one. A connection by a SecureString has one token
/// alone, and can't wait for another.
/// </para>
/// </remarks>
/// <example>
/// <code>Wait-AgentIdentityPermission AgentIdUser.ReadWrite.IdentityParentedBy</code>
/// <para>Waits until this connection may create agent users.</para>
/// </example>
/// <example>
/// <code>'AgentIdUser.ReadWrite.All', 'AuditLog.Read.All' | Wait-AgentIdentityPermission -PassThru</code>
/// <para>Waits for two permissions, and outputs for each whether the token shows it.</para>
/// </example>
[Cmdlet(VerbsLifecycle.Wait, "AgentIdentityPermission")]
[OutputType(typeof(PSAgentIdentityTokenPermission))]
public sealed class WaitAgentIdentityPermissionCommand : AgentUserCommand
{
    /// <summary>The names of the app roles or delegated permissions.</summary>
    /// <value>Required</value>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [IdentityTransformation("Permission")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PermissionCompleter))]
    public string[]? Permission { get; set; }

    /// <summary>Outputs whether the token shows each permission.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Waits for each, one after the other: they are in the same tokens.</summary>
    protected override void ProcessRecord()
    {
        if (Permission is not { Length: > 0 })
            Refuse("PermissionNotNamed", "No permission is named.", "Name it by -Permission, such as AgentIdUser.ReadWrite.IdentityParentedBy.");
        foreach (string permission in Permission!)
        {
            CallResult result = Pump($"Waiting for {permission}", Operations.WaitPermission(permission));
            if (result.Problem is { Code: ProblemCodes.TokenMissing } && Connected().HasOneToken)
            {
                WriteError(Failure.Record(
                    ProblemCodes.TokenMissing, ErrorCategory.AuthenticationError, permission,
                    $"The token of this connection does not carry {permission}, and a connection by a SecureString can't wait for another token.",
                    "Connect by a sign-in, or with a script block for -AccessToken that gets a new token each time; or connect again when the permission is granted."));
                continue;
            }
            if (result.Problem is { } problem)
            {
                WriteProblem(problem, permission);
                continue;
            }
            var ended = new TokenPermission(result.Result);
            WriteRemarks(ended.Remarks);
            if (PassThru)
                WriteObject(new PSAgentIdentityTokenPermission(ended));
        }
    }
}
