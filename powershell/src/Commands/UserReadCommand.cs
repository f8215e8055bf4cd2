using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>A cmdlet that reads something of the agent users that it is given.</summary>
public abstract class UserReadCommand : ReadCommand
{
    /// <summary>
    /// The agent users: object ids, user principal names, or objects that have one of these, such as those of Get-AgentUser, Get-MgUser
    /// and Get-EntraUser.
    /// </summary>
    /// <value>Required</value>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("UserId", "ObjectId", "UserPrincipalName", "UPN", "Identity")]
    [IdentityTransformation("UserPrincipalName", "UPN", "Id", "ObjectId", "UserId")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AgentUserCompleter))]
    public string[]? Id { get; set; }

    /// <summary>Begins to read it of each agent user.</summary>
    protected override void ProcessRecord()
    {
        foreach (string user in UserInput.Of(this, Id))
            Read(user, Request(user), read => Write(user, read));
    }

    /// <summary>The operation that reads it.</summary>
    private protected abstract JsonValue Request(string user);

    /// <summary>Outputs what was read.</summary>
    private protected abstract void Write(string user, JsonValue read);
}
