using System.Collections;
using System.Collections.Generic;
using System.Linq;

namespace AgentUsers.PowerShell;

/// <summary>
/// Completes people: their user principal names, by the start of these or of their display names. Agent users are left out, because an agent does
/// not answer for another. Guests and people who can't sign in are offered: what a leaver sponsors is looked for after the account was disabled.
/// </summary>
public class PersonCompleter : TenantCompleter
{
    /// <summary>Whether people who can't sign in are offered.</summary>
    private protected virtual bool WithDisabled => true;

    /// <summary>Whether a group may stand in place of a person.</summary>
    private protected virtual bool TakesGroups => false;

    /// <summary>
    /// Offers people, and groups behind their mark alone: so one key press asks for one page, and those who may not read groups wait for no refusal.
    /// </summary>
    private protected override IEnumerable<Value> Offer(string typed, IDictionary bound)
    {
        TenantValues? tenant = Tenant(bound);
        if (TakesGroups && Begins(typed, PSAgentUserRelation.GroupPrefix))
            return tenant?.Groups(typed.Substring(PSAgentUserRelation.GroupPrefix.Length)).Select(group => OfGroup(group.ObjectId.ToString()!, group.DisplayName)) ?? [];
        Value[] people = [.. tenant?.People(typed, WithDisabled).Select(person => new Value(person.UserPrincipalName!, person.DisplayName)) ?? []];
        bool isPrefix = TakesGroups && Begins(PSAgentUserRelation.GroupPrefix, typed) && people.Length + typed.Length > 0;
        return isPrefix ? people.Append(new Value(PSAgentUserRelation.GroupPrefix, "A group: Tab after the start of its name gives its id.")) : people;
    }

    /// <summary>A group as cmdlets take it in place of a person.</summary>
    private protected static Value OfGroup(string id, string? name) => Value.ById(id, name) with { Text = PSAgentUserRelation.GroupPrefix + id };
}

/// <summary>Completes those whom a leaver's agents are taken from: people and groups.</summary>
public sealed class LeaverCompleter : PersonCompleter
{
    private protected override bool TakesGroups => true;
}

/// <summary>Completes managers: people who can sign in, because an audit finds a manager who can't as unusable.</summary>
public class ManagerCompleter : PersonCompleter
{
    private protected override bool WithDisabled => false;
}

/// <summary>Completes sponsors: people who can sign in, for the same reason, and groups.</summary>
public class SponsorCompleter : ManagerCompleter
{
    private protected override bool TakesGroups => true;
}

/// <summary>Completes the sponsors that the agent users of the command have; where it names none, as of a pipeline, all who may be one.</summary>
public sealed class AssignedSponsorCompleter : SponsorCompleter
{
    private protected override IEnumerable<Value> Offer(string typed, IDictionary bound)
    {
        string[] users = [.. Texts(bound, "Id")];
        if (users.Length == 0 || Tenant(bound) is not { } tenant)
            return base.Offer(typed, bound);
        return users.SelectMany(tenant.Sponsors).Where(sponsor => sponsor.ObjectId is not null)
            .GroupBy(sponsor => sponsor.ObjectId).Select(sponsor => Of(sponsor.First()))
            .Where(value => Begins(value.Text, typed) || Begins(value.Shown ?? value.Tip, typed));
    }

    /// <summary>Graph may tell the id of a sponsor alone.</summary>
    private static Value Of(DirectoryObject sponsor) => sponsor.ODataType == "#microsoft.graph.group"
        ? OfGroup(sponsor.ObjectId.ToString()!, sponsor.DisplayName) : new Value(sponsor.UserPrincipalName ?? sponsor.ObjectId.ToString()!, sponsor.DisplayName);
}

/// <summary>Completes users for whom permissions are: beside an agent identity people and agent users, else agent users.</summary>
public sealed class ActedForCompleter : AgentUserCompleter
{
    private protected override IEnumerable<Value> Offer(string typed, IDictionary bound) =>
        Tenant(bound) is { } tenant && Texts(bound, "Id", "AgentIdentityId").Any()
            ? tenant.Accounts(typed).Take(TenantValues.Page).Select(account => new Value(account.UserPrincipalName!, account.DisplayName))
            : base.Offer(typed, bound);
}
