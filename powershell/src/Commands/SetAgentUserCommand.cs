using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Changes members of agent users. Only those that differ are sent.</summary>
/// <remarks>
/// <para>
/// The agent users come from the pipeline, the new values from parameters alone: Get-AgentUser | Set-AgentUser -Department Sales writes
/// the department, and nothing that was read before. The agent users of a pipeline are changed side by side. A member is emptied by -Clear.
/// Manager, sponsors, groups and licenses have cmdlets of their own; Invoke-AgentUserRoster writes other values for each.
/// </para>
/// </remarks>
/// <example>
/// <code>Set-AgentUser sales@contoso.com -Department Sales -JobTitle 'Sales agent'</code>
/// <para>Changes two members of one agent user.</para>
/// </example>
/// <example>
/// <code>Get-AgentUser -Department Pilot | Set-AgentUser -Department Sales -Clear officeLocation -PassThru</code>
/// <para>Moves all agent users of a department, empties the office, and outputs what was changed.</para>
/// </example>
/// <example>
/// <code>Set-AgentUser sales@contoso.com -UsageLocation DE -WhatIf</code>
/// <para>Shows the change, with the present value, and changes nothing.</para>
/// </example>
[Cmdlet(VerbsCommon.Set, "AgentUser", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(PSAgentUserReport))]
public sealed partial class SetAgentUserCommand : UserChangeCommand
{
    private AgentUserChanges _changes = [];

    /// <summary>
    /// The agent users: object ids, user principal names, or objects that have one of these, such as those of Get-AgentUser, Get-MgUser
    /// and Get-EntraUser.
    /// </summary>
    /// <value>Required</value>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("UserId", "ObjectId", "Identity")]
    [IdentityTransformation("Id", "ObjectId", "UserId", "UserPrincipalName", "UPN")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AgentUserCompleter))]
    public override string[]? Id { get; set; }

    /// <summary>The members to empty, by Graph's names.</summary>
    [Parameter]
    [ListTransformation]
    [ArgumentCompleter(typeof(MemberCompleter))]
    public string[]? Clear { get; set; }

    private protected override string Activity => "Changing agent users";

    /// <summary>Checks the new values once, however many agent users get them.</summary>
    protected override void BeginProcessing()
    {
        Native.Require(this);
        var faults = new ParameterFaults(MyInvocation.MyCommand.Parameters.Keys);
        _changes = Given(faults);
        if (!faults.IsEmpty)
            ThrowTerminatingError(Failure.OfParameters(faults.ToProblem()));
        if (!_changes.Any())
        {
            Refuse(
                "NothingToChange",
                MyInvocation.ExpectingInput ? "No new value is given: of what is piped, only the agent user is read, and no other column or property." : "No member is named.",
                (MyInvocation.ExpectingInput ? "Pipe the records to Invoke-AgentUserRoster, which writes other values for each. For one value for all: " : "")
                + "Give its new value by the parameter of its name, such as -Department Sales, or empty it by -Clear department.");
        }
        base.BeginProcessing();
    }

    private protected override void Want(string user) =>
        Want(user, $"Set {string.Join(", ", _changes.Select(change => change.Key))}", isDry => Operations.Update(user, _changes, isDry));

    /// <summary>The new values that were given.</summary>
    private AgentUserChanges Given(ParameterFaults faults)
    {
        var changes = new AgentUserChanges();
        foreach (string member in Row.Names)
        {
            string parameter = Plain.Pascal(member);
            if (!MyInvocation.BoundParameters.TryGetValue(parameter, out object? value))
                continue;
            if (value is null or "")
            {
                faults.AddEmpty(parameter, $"Give a value, or empty the member by -Clear {member}.");
                continue;
            }
            foreach (Violation violation in AgentUserRules.ValidateMember(member, value))
                faults.Add(violation.Code, parameter, violation.Message, violation.Fix);
            changes.Set(member, JsonOf.Value(value));
        }
        foreach (KeyValuePair<string, object?> other in JsonOf.Members(OtherMembers ?? []))
            changes.Set(other.Key, JsonOf.Value(other.Value));
        foreach (string member in Clear ?? [])
        {
            if (changes.Any(change => string.Equals(change.Key, member, StringComparison.OrdinalIgnoreCase)))
                faults.Add(RuleCodes.Contradiction, nameof(Clear), $"{member} is given a value and emptied at once.", "Decide for one of both.");
            changes.Set(Row.NameOf(member), JsonValue.Null);
        }
        return changes;
    }
}
