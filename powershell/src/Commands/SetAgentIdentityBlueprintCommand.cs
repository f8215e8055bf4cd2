using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Lets blueprints create agent users, and sets what their agent identities inherit of a resource's permissions.</summary>
/// <remarks>
/// <para>
/// Settings without a parameter stay. The blueprints of a pipeline are changed side by side. Agent identities inherit only permissions that the
/// blueprint has itself, by Grant-AgentIdentityPermission and Add-AgentIdentityAppRole; a warning names a blueprint without any. With None, by which
/// agent identities lose permissions, the cmdlet asks about each blueprint, unless -Force or -Confirm:$false is given.
/// </para>
/// <para>
/// The permission to create is in tokens that a blueprint gets afterwards: a connection that signs in as the blueprint waits for it by
/// Wait-AgentIdentityPermission. Remove-AgentIdentityAppRole takes it away.
/// </para>
/// </remarks>
/// <example>
/// <code>Set-AgentIdentityBlueprint b1a00000-0000-4000-8000-000000000001 -AllowCreation</code>
/// <para>Lets one blueprint create agent users for its agent identities.</para>
/// </example>
/// <example>
/// <code>Get-AgentIdentityBlueprint -DisplayName 'Blueprint 2*' | Set-AgentIdentityBlueprint -InheritableScopes AllAllowed -InheritableRoles None -WhatIf</code>
/// <para>Tells what would change for the agent identities of some blueprints.</para>
/// </example>
[Cmdlet(VerbsCommon.Set, "AgentIdentityBlueprint", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(PSAgentUserReport))]
public sealed class SetAgentIdentityBlueprintCommand : PassThruCommand
{
    /// <summary>The blueprints: application ids, object ids of the application or of the principal, or objects that have one of these.</summary>
    /// <value>Required</value>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("AppId", "BlueprintId", "Blueprint")]
    [IdentityTransformation("AppId", "Id")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(BlueprintCompleter))]
    public string[]? Id { get; set; }

    /// <summary>Lets the blueprint create agent users for its agent identities: AgentIdUser.ReadWrite.IdentityParentedBy of Microsoft Graph.</summary>
    [Parameter]
    public SwitchParameter AllowCreation { get; set; }

    /// <summary>The delegated permissions of the blueprint that its agent identities inherit: AllAllowed or None.</summary>
    [Parameter]
    [ValidateSet(nameof(Inheritance.AllAllowed), nameof(Inheritance.None))]
    public Inheritance InheritableScopes { get; set; }

    /// <summary>The app roles of the blueprint that its agent identities inherit: AllAllowed or None.</summary>
    [Parameter]
    [ValidateSet(nameof(Inheritance.AllAllowed), nameof(Inheritance.None))]
    public Inheritance InheritableRoles { get; set; }

    /// <summary>The application id of the resource whose permissions are inherited, or an object that has it; that of Microsoft Graph by default.</summary>
    [Parameter]
    [IdentityTransformation("AppId")]
    [ArgumentCompleter(typeof(ResourceCompleter))]
    public string? ResourceAppId { get; set; }

    private protected override string Activity => "Changing blueprints";

    /// <summary>High where agent identities lose what they inherit.</summary>
    private protected override ConfirmImpact Impact =>
        InheritableScopes == Inheritance.None || InheritableRoles == Inheritance.None ? ConfirmImpact.High : ConfirmImpact.Medium;

    private bool Inherits => InheritableScopes != Inheritance.Unchanged || InheritableRoles != Inheritance.Unchanged;

    /// <summary>Requires something to change.</summary>
    protected override void BeginProcessing()
    {
        if (!AllowCreation && !Inherits)
        {
            Refuse(
                "NothingToChange", "Nothing to change is named.",
                "Give -AllowCreation, -InheritableScopes or -InheritableRoles. Remove-AgentIdentityAppRole takes the permission to create away.");
        }
        base.BeginProcessing();
    }

    /// <summary>Notes the changes of each blueprint.</summary>
    protected override void ProcessRecord()
    {
        if (Id is not { Length: > 0 })
            Refuse("BlueprintMissing", "No blueprint is named.", "Give -Id: its application id.");
        foreach (string id in Id!)
        {
            if (UserInput.IsPattern(this, id, $"Get-AgentIdentityBlueprint -DisplayName '{id}'"))
                continue;
            if (AllowCreation)
                Want(id, "Let it create agent users", isDry => Operations.AllowCreation(id, isDry));
            if (Inherits)
            {
                Want(id, "Set what its agent identities inherit", isDry => Operations.InheritPermissions(
                    id, isDry, AgentUserClient.Kind(InheritableRoles), AgentUserClient.Kind(InheritableScopes), ResourceAppId));
            }
        }
    }
}
