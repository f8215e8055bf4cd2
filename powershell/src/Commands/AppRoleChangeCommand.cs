using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>A cmdlet that changes the app roles of agents.</summary>
public abstract class AppRoleChangeCommand : PermissionChangeCommand
{
    /// <summary>The names of the app roles, such as User.Read.All.</summary>
    /// <value>Required</value>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ListTransformation]
    [ArgumentCompleter(typeof(AppRoleCompleter))]
    public virtual string[]? AppRole { get; set; }

    /// <summary>The delegated permissions of an object of the pipeline, which another cmdlet changes.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, DontShow = true)]
    [ListTransformation]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string[]? Scope { get; set; }

    /// <summary>Notes the change of each role of each agent.</summary>
    protected override void ProcessRecord()
    {
        if (!AreNamed(AppRole, "AppRoleMissing", "No app role is named.", "Name at least one by -AppRole, such as User.Read.All.", Scope, "delegated permission"))
            return;
        foreach (NamedAgent agent in AgentInput.Of(this, Id, User, Blueprint))
        {
            foreach (string role in AppRole!)
                Want(agent, role, Resource);
        }
    }

    /// <summary>Notes the change of one role.</summary>
    private protected abstract void Want(NamedAgent agent, string appRole, string? resourceAppId);
}
