using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>A cmdlet that changes the agent users that it is given, and outputs reports with -PassThru.</summary>
public abstract class UserChangeCommand : PassThruCommand
{
    /// <summary>
    /// The agent users: object ids, user principal names, or objects that have one of these, such as those of Get-AgentUser, Get-MgUser
    /// and Get-EntraUser.
    /// </summary>
    /// <value>Required</value>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("UserId", "ObjectId", "UserPrincipalName", "UPN", "Identity")]
    [IdentityTransformation("Id", "ObjectId", "UserId", "UserPrincipalName", "UPN")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AgentUserCompleter))]
    public virtual string[]? Id { get; set; }

    /// <summary>Notes the change of each agent user.</summary>
    protected override void ProcessRecord()
    {
        foreach (string user in UserInput.Of(this, Id))
            Want(user);
    }

    /// <summary>Notes what is to be done to an agent user.</summary>
    /// <param name="user">Its object id or user principal name.</param>
    private protected abstract void Want(string user);
}
