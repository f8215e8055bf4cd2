using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>A cmdlet that changes the sponsors of agent users.</summary>
public abstract class SponsorChangeCommand : UserChangeCommand
{
    /// <summary>The sponsors: object ids, user principal names, or objects that have one of these; a group as group:ID.</summary>
    /// <value>Required</value>
    [Parameter(Position = 1)]
    [Alias("Sponsors")]
    [IdentityTransformation("Id", "ObjectId", "UserId", "UserPrincipalName", "UPN")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SponsorCompleter))]
    public virtual string[]? Sponsor { get; set; }

    /// <summary>Requires a sponsor.</summary>
    protected override void BeginProcessing()
    {
        if (Sponsor is not { Length: > 0 })
            Refuse("SponsorMissing", "No sponsor is named.", "Name one by -Sponsor: a user, or a group as group:ID.");
        base.BeginProcessing();
    }

    private protected override void Want(string user)
    {
        foreach (string sponsor in Sponsor!)
            Want(user, sponsor);
    }

    /// <summary>Notes the change of one sponsor.</summary>
    private protected abstract void Want(string user, string sponsor);
}
