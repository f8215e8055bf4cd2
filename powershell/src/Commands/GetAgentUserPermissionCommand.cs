using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Tells which permissions and roles cmdlets, tasks, operations or a roster need, the least privileged ones. Nothing is sent.</summary>
/// <remarks>
/// <para>
/// An application needs application permissions, a blueprint those that reach the agent users of its own agent identities, and a
/// person delegated permissions and an Entra role. No connection is needed.
/// </para>
/// </remarks>
/// <example>
/// <code>Get-AgentUserPermission -Cmdlet Invoke-AgentUserAudit -Caller Delegated</code>
/// <para>Lists the permissions of a person who audits.</para>
/// </example>
/// <example>
/// <code>Get-AgentUserPermission -Roster ./roster.csv -Caller Application | Where-Object Need -ne Optional</code>
/// <para>Lists what an application needs to apply a roster, by what its rows declare.</para>
/// </example>
/// <example>
/// <code>Get-AgentUserPermission -For Roster, Audit -Caller Delegated | Select-Object -ExpandProperty Permission</code>
/// <para>Lists the names alone, for an app registration.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "AgentUserPermission", DefaultParameterSetName = nameof(Cmdlet))]
[OutputType(typeof(PSAgentUserPermission))]
public sealed class GetAgentUserPermissionCommand : PSCmdlet
{
    private static readonly (string Caller, Func<RequiredPermissions, PermissionSet> Set)[] s_callers =
        [("Application", needed => needed.Application), ("Blueprint", needed => needed.Blueprint), ("Delegated", needed => needed.Delegated)];

    /// <summary>The names of cmdlets; by default all of them.</summary>
    [ArgumentCompleter(typeof(CmdletCompleter))]
    [Parameter(Position = 0, ParameterSetName = nameof(Cmdlet), ValueFromPipeline = true)]
    [IdentityTransformation("Name")]
    [ValidateNotNullOrEmpty]
    public string[]? Cmdlet { get; set; }

    /// <summary>Tasks, as Connect-AgentUser -For takes them.</summary>
    /// <value>Required</value>
    [Parameter(ParameterSetName = nameof(For))]
    [ValidateNotNullOrEmpty]
    public AgentUserTask[]? For { get; set; }

    /// <summary>Operations, by their names in docs/permissions.md, such as create.</summary>
    /// <value>Required</value>
    [ArgumentCompleter(typeof(OperationCompleter))]
    [Parameter(ParameterSetName = nameof(Operation))]
    [ValidateNotNull]
    public string[]? Operation { get; set; }

    /// <summary>A roster file, CSV or JSON, whose rows say what is needed.</summary>
    /// <value>Required</value>
    [Parameter(ParameterSetName = nameof(Roster))]
    [ValidateNotNullOrEmpty]
    public string? Roster { get; set; }

    /// <summary>The domain of sign-in names that are derived from display names for rows that have none.</summary>
    [ArgumentCompleter(typeof(DomainCompleter))]
    [Parameter(ParameterSetName = nameof(Roster))]
    public string? Domain { get; set; }

    /// <summary>The services that each row of the roster waits for.</summary>
    [Parameter(ParameterSetName = nameof(Roster))]
    public Readiness Wait { get; set; }

    /// <summary>The kinds of caller: Application, Blueprint, Delegated; by default all.</summary>
    [Parameter]
    [ValidateSet("Application", "Blueprint", "Delegated")]
    public string[]? Caller { get; set; }

    /// <summary>Loads the native library.</summary>
    protected override void BeginProcessing() => Native.Require(this);

    /// <summary>Tells the permissions.</summary>
    protected override void ProcessRecord()
    {
        try
        {
            JsonValue operation = Roster is null
                ? Operations.RequiredPermissions(operations: Named())
                : Operations.RequiredPermissions(string.IsNullOrEmpty(Domain) ? null : Domain, readiness: Wait);
            byte[]? input = Roster is null ? null : FilePath.ReadRoster(this, Roster, null, out _);
            var needed = new RequiredPermissions(OfflineCall.Ask(operation, input));
            (string When, RequiredPermissions Needed)[] more = [.. OfParameters()];
            foreach ((string caller, Func<RequiredPermissions, PermissionSet> of) in s_callers)
            {
                if (Caller?.Contains(caller, StringComparer.OrdinalIgnoreCase) == false)
                    continue;
                WriteObject(Rows(caller, of(needed)), enumerateCollection: true);
                foreach ((string when, RequiredPermissions also) in more)
                    WriteObject(Rows(caller, of(needed), of(also), when), enumerateCollection: true);
            }
        }
        catch (AgentUserException error) when (error.Problem.RowErrors.Count > 0)
        {
            foreach (RowError one in error.Problem.RowErrors)
                WriteError(Failure.OfRow(error.Problem, one));
        }
        catch (AgentUserException error)
        {
            WriteError(Failure.Record(this, error.Problem, Operation));
        }
    }

    private IEnumerable<string> Named()
    {
        if (For is not null)
            return For.SelectMany(AgentUserTasks.Of).Distinct();
        if (Operation is not null)
            return Operation;
        var operations = new List<string>();
        foreach (string cmdlet in Cmdlet ?? [.. AgentUserTasks.Cmdlets])
        {
            if (AgentUserTasks.OfCmdlet(cmdlet) is { } known)
            {
                operations.AddRange(known);
                continue;
            }
            ThrowTerminatingError(Failure.Record(
                "NoPermissionsNeeded", ErrorCategory.InvalidArgument, cmdlet, $"'{cmdlet}' is not a cmdlet of this module that calls Graph by itself.",
                $"Give one of {string.Join(", ", AgentUserTasks.Cmdlets)}."));
        }
        return operations.Distinct();
    }

    /// <summary>The permissions that parameters of the named cmdlets need besides. Of several cmdlets, the condition names the one.</summary>
    private IEnumerable<(string When, RequiredPermissions Needed)> OfParameters()
    {
        if (Roster is not null || For is not null || Operation is not null)
            return [];
        string[] cmdlets = [.. (Cmdlet ?? [.. AgentUserTasks.Cmdlets]).Distinct(StringComparer.OrdinalIgnoreCase)];
        return cmdlets.SelectMany(cmdlet => AgentUserTasks.OfParameters(cmdlet).Select(one => (
            cmdlets.Length == 1 ? one.When : $"of {cmdlet} {one.When}",
            new RequiredPermissions(OfflineCall.Ask(Operations.RequiredPermissions(operations: [one.Operation]))))));
    }

    /// <summary>The permissions of a parameter that the cmdlet does not need in the same case.</summary>
    private static IEnumerable<PSAgentUserPermission> Rows(string caller, PermissionSet cmdlet, PermissionSet parameter, string when)
    {
        var own = new HashSet<(string, string, string, string?)>(Rows(caller, cmdlet).Select(row => (row.Kind, row.Permission, row.Need, row.When)));
        return Rows(caller, parameter)
            .Where(row => !own.Contains((row.Kind, row.Permission, row.Need, row.When)) && !own.Contains((row.Kind, row.Permission, "Always", null)))
            .Select(row => new PSAgentUserPermission(caller, row.Kind, row.Permission, row.Need == "Always" ? "Sometimes" : row.Need, row.Need switch
            {
                "Always" => when,
                "Sometimes" => $"{when}, {row.When}",
                _ => $"{when}: {row.When}",
            }));
    }

    private static IEnumerable<PSAgentUserPermission> Rows(string caller, PermissionSet set)
    {
        foreach (string permission in set.Permissions)
            yield return new(caller, "Permission", permission, "Always", null);
        foreach (string role in set.Roles)
            yield return new(caller, "Role", role, "Always", null);
        foreach (ConditionalPermissions one in set.Conditional)
        {
            foreach (string permission in one.Permissions)
                yield return new(caller, "Permission", permission, "Sometimes", one.When);
            foreach (string role in one.Roles)
                yield return new(caller, "Role", role, "Sometimes", one.When);
        }
        foreach (OptionalPermissions one in set.Optional)
        {
            foreach (string permission in one.Permissions)
                yield return new(caller, "Permission", permission, "Optional", one.Otherwise);
        }
    }
}
