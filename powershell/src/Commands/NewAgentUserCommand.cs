using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Creates agent users exactly once, with manager, sponsors, groups and licenses.</summary>
/// <remarks>
/// <para>
/// The parent is verified first. If an answer is lost, the cmdlet looks for the agent user before it repeats the create, so
/// that there are never two. An existing agent user of this parent with this name counts as the desired one: it is brought to the state that
/// is declared, an information line says so, and Outcome of the output is Changed or Unchanged in place of Created.
/// </para>
/// <para>
/// The records of a pipeline are created side by side, as a roster is: a manager may be among them, before or after. Each record is checked
/// by itself first; one error names all its violations, and the others go on. The target of a later error is the report of the stage
/// reached and the changes made.
/// </para>
/// </remarks>
/// <example>
/// <code>New-AgentUser -IdentityParentId a1d00000-0000-4000-8000-000000000001 -DisplayName 'Support Agent' -UserPrincipalName support@contoso.com -UsageLocation DE -Licenses AGENT_365 -Wait Mailbox, Teams</code>
/// <para>Creates one agent user, licenses it and waits for its mailbox and Teams.</para>
/// </example>
/// <example>
/// <code>Import-Csv ./new.csv | New-AgentUser -Domain contoso.com -WhatIf</code>
/// <para>Plans an agent user for each record; missing names are derived from display names. With -Confirm it asks about each.</para>
/// </example>
/// <example>
/// <code>Get-AgentIdentity -DisplayName 'Agent 1*' -WithoutAgentUser | New-AgentUser -Domain contoso.com -Sponsors human1@contoso.com</code>
/// <para>Creates an agent user for each of these agent identities that has none, named like it.</para>
/// </example>
[Cmdlet(VerbsCommon.New, "AgentUser",
    SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, DefaultParameterSetName = ByMembers)]
[OutputType(typeof(PSAgentUser), typeof(PSAgentUserReport))]
public sealed class NewAgentUserCommand : AgentUserRowCommand
{
    /// <summary>The rows that passed the check of their own, with the place of their record.</summary>
    private readonly List<(AgentUserRow Row, string Name)> _rows = [];

    /// <summary>The agent users that are there at the end, by id, to be read and output.</summary>
    private readonly Dictionary<Guid, ProvisionReport> _ended = [];

    /// <summary>The agent users among them that were read already.</summary>
    private readonly Dictionary<Guid, AgentUser> _users = [];

    /// <summary>Whether records of the plan wait for their agent identity.</summary>
    private bool _awaitsParents;

    /// <summary>
    /// An agent identity, as Get-AgentIdentity, Get-MgServicePrincipal or Get-EntraServicePrincipal gives it: it becomes the parent, and its
    /// display name the agent user's where none is given. Or a hashtable with Graph's names. Other objects bind by their properties.
    /// </summary>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    /// <summary>The services to wait for at the end.</summary>
    [Parameter]
    public Readiness Wait { get; set; }

    private protected override string Activity => "Creating agent users";

    /// <summary>All, because the manager of one may be any other.</summary>
    private protected override int Gathered => int.MaxValue;

    /// <summary>Checks a record by itself, and notes it.</summary>
    protected override void ProcessRecord()
    {
        AgentUserRow row = InputObject?.BaseObject is IDictionary entries ? Row.Of(entries) : Members();
        if (row.Get("identityParentId") is null && AgentIdentityInput.IdOf(InputObject) is { } parent)
            row.Set("identityParentId", parent);
        AgentUserValidation rules = AgentUserRules.Validate(row, GivenDomain);
        string name = (rules.AgentUser?["userPrincipalName"] as string) ?? row.UserPrincipalName ?? row.DisplayName ?? "";
        if (rules.IsValid)
        {
            _rows.Add((row, name));
            return;
        }
        // The dry run gives the problem of the rules that are broken. It sends nothing.
        CallResult planned = Pump($"Checking {name}", Operations.Provision(row, GivenDomain, dryRun: true));
        if (planned.Problem is not null)
            WriteProblem(planned.Problem, name);
    }

    /// <summary>Checks the records beside each other, and creates those without an error.</summary>
    protected override void EndProcessing()
    {
        while (AgentUserRules.ValidateRows(_rows.Select(one => one.Row), GivenDomain) is { Problem: { RowErrors.Count: > 0 } problem })
        {
            foreach (RowError error in problem.RowErrors)
                WriteRepeated(problem, error);
            int[] broken = [.. problem.RowErrors.Select(error => error.Row ?? 0).Distinct().OrderByDescending(row => row)];
            if (broken.Contains(0))
                return;
            foreach (int row in broken)
                _rows.RemoveAt(row - 1);
        }
        foreach ((AgentUserRow row, string name) in _rows)
            Want(name, $"Create agent user of {row.IdentityParentId}", _ => row.ToJson());
        base.EndProcessing();
    }

    private protected override (JsonValue Operation, byte[]? Input) Together(IReadOnlyList<Wanted> wanted, bool isDry)
    {
        byte[] roster = JsonWriter.ToUtf8(JsonValue.Array(wanted.Select(one => one.Request(isDry))).ToString());
        JsonValue operation = Operations.ApplyRoster(
            checkDomains: false, GivenDomain, isDry, maxBytes: int.MaxValue, maxRows: int.MaxValue, readiness: isDry ? Readiness.None : Wait);
        return (operation, roster);
    }

    private protected override void Work(List<Wanted> wanted)
    {
        base.Work(wanted);
        WriteEnded(wanted);
    }

    /// <summary>One is created and read by one operation; several as a roster.</summary>
    private protected override void Apply(List<Wanted> approved)
    {
        if (approved.Count == 1)
            Create(approved[0], isKept: true);
        else
            base.Apply(approved);
    }

    private protected override void LookAt(IReadOnlyCollection<ProvisionReport> plan) => _awaitsParents = ChangeWords.AwaitParents(plan);

    private protected override string? ActionOf(ProvisionReport planned) => planned switch
    {
        { Problem: null, Changes.Count: 0 } when Wait != Readiness.None => $"wait for {Wait}",
        _ => ChangeWords.Wait(planned, _awaitsParents) ?? base.ActionOf(planned),
    };

    private protected override void WriteEnd(ProvisionReport report)
    {
        if (IsOnlyPlanned)
            WriteObject(new PSAgentUserReport(report));
        else if (report.Id is { } id)
            _ended[id] = report;
    }

    /// <summary>Outputs the agent users that are there, in the order of the input, since they all end here.</summary>
    private void WriteEnded(List<Wanted> wanted)
    {
        Guid[] unread = [.. _ended.Keys.Where(id => !_users.ContainsKey(id))];
        if (unread.Length > 0)
        {
            JsonValue reads = Operations.Many(unread.Select(id => Operations.Get(id.ToString())), ThrottleLimit);
            Pump("Reading agent users", reads, onItem: item =>
            {
                foreach (AgentUser user in item.AgentUsers)
                    _users[user.Id] = user;
            });
        }
        // A parent has one agent user.
        var ofParent = new Dictionary<Guid, ProvisionReport>();
        foreach (ProvisionReport report in _ended.Values)
        {
            if (report.IdentityParentId is { } parent)
                ofParent[parent] = report;
        }
        foreach (Wanted row in wanted)
        {
            if (row.Request(false)["identityParentId"]?.AsGuid() is not { } parent || !ofParent.TryGetValue(parent, out ProvisionReport? report))
                continue;
            if (!_users.ContainsKey(report.Id!.Value))
                Create(row, isKept: false);
            if (_users.TryGetValue(report.Id!.Value, out AgentUser? user))
                Write(user, report);
        }
        _ended.Clear();
        _users.Clear();
    }

    /// <summary>Creates one and reads it; waits until a new one that can't be read yet can be.</summary>
    private void Create(Wanted wanted, bool isKept)
    {
        JsonValue operation = OperationJson.Operation(
            "create", ("agentUser", wanted.Request(false)), ("domain", OperationJson.Optional(GivenDomain)), ("readiness", OperationJson.Optional(Wait)));
        CallResult result = Pump($"Creating {wanted.Target}", operation, isKept: isKept, nameOf: _ => wanted.Target);
        if (result.Problem is not null)
        {
            WriteProblem(result.Problem, wanted.Target);
            return;
        }
        // The agent user may exist although a later step failed: the report tells the stage reached.
        var report = ProvisionReport.From(result.Result["report"] ?? JsonValue.Null);
        foreach (AgentUser user in result.AgentUsers)
            _users[user.Id] = user;
        if (isKept || report.Problem is not null)
            End(report);
    }

    private void Write(AgentUser user, ProvisionReport report)
    {
        if (report.Outcome is ProvisionOutcome.Unchanged or ProvisionOutcome.Changed)
        {
            string end = report.Outcome == ProvisionOutcome.Unchanged ? "it is as it was" : string.Join("; ", report.Changes);
            WriteInformation(new InformationRecord($"{user.UserPrincipalName} was there already and was taken, not made: {end}.", MyInvocation.MyCommand.Name));
        }
        var output = PSObject.AsPSObject(new PSAgentUser(user));
        output.Properties.Add(new PSNoteProperty("Outcome", report.Outcome.ToString()));
        WriteObject(output);
    }

    private void WriteRepeated(Problem problem, RowError error)
    {
        string name = error.Row is { } row ? _rows[row - 1].Name : "";
        WriteError(Failure.Record(
            error.Violation.Code, ErrorCategory.InvalidData, name, $"{name}: {error.Field}: {error.Violation.Message}", error.Violation.Fix, new AgentUserException(problem)));
    }
}
