using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Verifies agent identities as parents of agent users, or lists those of the tenant.</summary>
/// <remarks>
/// <para>
/// Named by its id, an agent identity that can't be a parent is an error that says why: it is an ordinary service principal, a blueprint's
/// principal, disabled, or named by its app id in place of its object id. -SkipParentCheck reads a disabled one, too. Without an id, all
/// are listed that the other parameters select, page by page, the disabled ones included.
/// </para>
/// </remarks>
/// <example>
/// <code>Get-AgentIdentity a1d00000-0000-4000-8000-000000000001</code>
/// <para>Verifies one agent identity.</para>
/// </example>
/// <example>
/// <code>Get-AgentIdentity -DisplayName 'Agent 1*' -WithoutAgentUser -Enabled | New-AgentUser -Domain contoso.com -WhatIf</code>
/// <para>Plans an agent user for each of these agent identities that has none.</para>
/// </example>
/// <example>
/// <code>Get-AgentIdentity -DisplayName 'Agent 2*' -Property Sponsors, Owners</code>
/// <para>Lists agent identities by the beginning of their name, with sponsors and owners.</para>
/// </example>
/// <example>
/// <code>Get-AgentIdentity -Mine | Confirm-AgentIdentity</code>
/// <para>Attests the agent identities that the signed-in person sponsors.</para>
/// </example>
/// <example>
/// <code>Import-Csv ./roster.csv | Get-AgentIdentity -ErrorVariable unusable</code>
/// <para>
/// Verifies the parents in the column identityParentId of a roster; the errors of unusable parents are in $unusable.
/// </para>
/// </example>
[Cmdlet(VerbsCommon.Get, "AgentIdentity", DefaultParameterSetName = List)]
[OutputType(typeof(PSAgentIdentity))]
public sealed class GetAgentIdentityCommand : AgentUserCommand
{
    private const string ById = "Id";
    private const string BySponsor = "SponsoredBy";
    private const string BySelf = "Mine";
    private const string List = "List";

    private static readonly string[] s_selecting = [nameof(SponsoredBy), nameof(Mine), nameof(IdentityParentId)];

    private static readonly string[] s_filters = [nameof(BlueprintId), nameof(DisplayName), nameof(WithoutAgentUser), nameof(Enabled), nameof(Disabled)];

    /// <summary>The object ids. An agent user from the pipeline stands for its parent.</summary>
    /// <value>Required</value>
    [ArgumentCompleter(typeof(AgentIdentityCompleter))]
    [Parameter(Position = 0, ParameterSetName = ById, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(Position = 0, ParameterSetName = List, DontShow = true)]
    [Alias("Id", "ParentId", "AgentIdentityId")]
    [IdentityTransformation("IdentityParentId", "Id", "ObjectId")]
    public string[]? IdentityParentId { get; set; }

    /// <summary>Reads an agent identity as it is, one that can't be a parent included, such as one that is disabled.</summary>
    [Parameter(ParameterSetName = ById)]
    [Parameter(ParameterSetName = BySponsor, DontShow = true)]
    [Parameter(ParameterSetName = BySelf, DontShow = true)]
    [Parameter(ParameterSetName = List, DontShow = true)]
    public SwitchParameter SkipParentCheck { get; set; }

    /// <summary>
    /// A person: a user principal name or an object id. The agent identities that the person sponsors are returned, also those by a group. Graph
    /// tells it to signed-in people alone.
    /// </summary>
    /// <value>Required</value>
    [ArgumentCompleter(typeof(PersonCompleter))]
    [Parameter(ParameterSetName = BySponsor)]
    [Parameter(ParameterSetName = List, DontShow = true)]
    [IdentityTransformation("Id", "ObjectId", "UserId", "UserPrincipalName")]
    [ValidateNotNullOrEmpty]
    public string? SponsoredBy { get; set; }

    /// <summary>The agent identities that the signed-in person sponsors are returned, also those by a group.</summary>
    [Parameter(ParameterSetName = BySelf)]
    [Parameter(ParameterSetName = List, DontShow = true)]
    public SwitchParameter Mine { get; set; }

    /// <summary>Only those of this blueprint: its application id, an object id of its application or its principal, or an object of Get-AgentIdentityBlueprint.</summary>
    [ArgumentCompleter(typeof(BlueprintCompleter))]
    [Parameter(ParameterSetName = List)]
    [IdentityTransformation("AppId", "Id")]
    [ValidateNotNullOrEmpty]
    public string? BlueprintId { get; set; }

    /// <summary>Only those whose display name begins so, with * at its end.</summary>
    [ArgumentCompleter(typeof(AgentIdentityNameCompleter))]
    [Parameter(ParameterSetName = List)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string? DisplayName { get; set; }

    /// <summary>Only those without an agent user. Agent users in the recycle bin count for none.</summary>
    [Parameter(ParameterSetName = List)]
    public SwitchParameter WithoutAgentUser { get; set; }

    /// <summary>Only those that are enabled. Those that Microsoft has disabled are left out.</summary>
    [Parameter(ParameterSetName = List)]
    public SwitchParameter Enabled { get; set; }

    /// <summary>Only those that the tenant or Microsoft has disabled. Graph has no filter for both, so the cmdlet reads all agent identities.</summary>
    [Parameter(ParameterSetName = List)]
    public SwitchParameter Disabled { get; set; }

    /// <summary>The number of agent identities in one page, 1 to 100; 100 by default.</summary>
    [Parameter(ParameterSetName = List)]
    public int? PageSize { get; set; }

    /// <summary>The parts that are read besides, by a request each: Sponsors, Owners, Lifecycle.</summary>
    [Parameter]
    [ValidateSet("Sponsors", "Owners", "Lifecycle")]
    public string[]? Property { get; set; }

    /// <summary>Verifies each agent identity, or lists.</summary>
    protected override void ProcessRecord()
    {
        RefuseBeside(s_selecting, s_filters);
        if (SkipParentCheck && ParameterSetName != ById && IdentityParentId is null)
            Refuse(RuleCodes.Contradiction, "-SkipParentCheck is for agent identities that are named.", "Leave it out: lists have those that can't be a parent, too.");
        if (SponsoredBy is not null || Mine)
        {
            foreach (AgentIdentity identity in Sponsored(SponsoredBy)?.AgentIdentities ?? [])
                Write(new PSAgentIdentity(identity));
            return;
        }
        if (ParameterSetName == List && IdentityParentId is null)
        {
            ListAll();
            return;
        }
        if (IdentityParentId is not { Length: > 0 })
            Refuse("IdentityMissing", "No agent identity is named.", "Give -IdentityParentId: the object id of an agent identity.");
        foreach (string id in IdentityParentId!)
        {
            CallResult result = SkipParentCheck
                ? Pump($"Reading agent identity {id}", Operations.Identity(id)) : Pump($"Verifying agent identity {id}", Operations.VerifyParent(id));
            if (result.Problem is { } problem)
                WriteProblem(problem, id);
            else
                Write(new PSAgentIdentity(new AgentIdentity(result.Result)));
        }
    }

    /// <inheritdoc/>
    internal override string? MoreOf(Problem problem, object? target)
    {
        string? fix = Prefix.OfName(problem, "Get-AgentIdentity", target);
        return fix is not null && target is string name && name.Contains("@") ? $"That of an agent user is got by Get-AgentUser {Plain.Quoted(name)} | Get-AgentIdentity." : fix;
    }

    private void ListAll()
    {
        bool? enabled = Enabled == Disabled ? null : Enabled.IsPresent;
        if (Enabled && Disabled)
            Refuse(RuleCodes.Contradiction, "-Enabled and -Disabled exclude each other.", "Give one of them, or neither for all.");
        JsonValue operation = Operations.ListIdentities(enabled, BlueprintId, Prefix.Of(this, DisplayName), PageSize, WithoutAgentUser ? true : null);
        // Sponsors, owners and lifecycle of an agent identity take calls of their own, for which a list can't wait within its own.
        var listed = new List<PSAgentIdentity>();
        CallResult result = Pump("Listing agent identities", operation, onItem: page =>
        {
            IEnumerable<PSAgentIdentity> identities = page.AgentIdentities.Select(identity => new PSAgentIdentity(identity));
            if (Property is null)
                WriteObject(identities, enumerateCollection: true);
            else
                listed.AddRange(identities);
        });
        listed.ForEach(Write);
        if (result.Problem is { } problem)
            WriteProblem(problem, BlueprintId);
    }

    private void Write(PSAgentIdentity identity)
    {
        string id = identity.Id?.ToString() ?? "";
        bool Asks(string name) => Property?.Contains(name, StringComparer.OrdinalIgnoreCase) == true;
        if (Asks("Sponsors") && Read("sponsors", id, Operations.IdentitySponsors(id)) is { } sponsors)
            identity.Sponsors = Objects(sponsors);
        if (Asks("Owners") && Read("owners", id, Operations.IdentityOwners(id)) is { } owners)
            identity.Owners = Objects(owners);
        if (Asks("Lifecycle") && Read("lifecycle", id, Operations.Lifecycle(id)) is { } lifecycle)
            identity.Lifecycle = new(new AgentLifecycle(lifecycle));
        WriteObject(identity);
    }

    private JsonValue? Read(string what, string id, JsonValue operation)
    {
        CallResult result = Pump($"Reading the {what} of {id}", operation);
        if (result.Problem is not { } problem)
            return result.Result;
        WriteProblem(problem, id);
        return null;
    }

    private static JoinedList<PSDirectoryObject> Objects(JsonValue found) => new(found.Items.Select(one => new PSDirectoryObject(new DirectoryObject(one))));
}
