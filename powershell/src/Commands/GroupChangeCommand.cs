using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>A cmdlet that changes which groups agent users are members of.</summary>
public abstract class GroupChangeCommand : UserChangeCommand
{
    /// <summary>The groups: object ids, display names, or objects that have one of these.</summary>
    /// <value>Required</value>
    [Parameter(Position = 1)]
    [Alias("GroupId")]
    [IdentityTransformation("Id", "ObjectId", "GroupId", "DisplayName")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string[]? Group { get; set; }

    /// <summary>Requires a group.</summary>
    protected override void BeginProcessing()
    {
        if (Group is not { Length: > 0 })
            Refuse("GroupMissing", "No group is named.", "Name one by -Group: its object id or display name.");
        base.BeginProcessing();
    }

    private protected override void Want(string user)
    {
        foreach (string group in Group!)
            Want(user, group);
    }

    /// <summary>Notes the change of one membership.</summary>
    private protected abstract void Want(string user, string group);
}
