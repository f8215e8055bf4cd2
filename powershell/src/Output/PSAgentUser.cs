using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Runtime.CompilerServices;

namespace AgentUsers.PowerShell;

/// <summary>An agent user in types that survive Export-Csv, ConvertTo-Json and Export-Clixml.</summary>
public sealed class PSAgentUser
{
    /// <summary>The agent user that Graph sent, or <see cref="Made"/>. One field, because lists have very many of these objects.</summary>
    private object _state;

    /// <summary>Makes an agent user without members, for scripts and their tests.</summary>
    public PSAgentUser() => _state = new Made(null);

    internal PSAgentUser(AgentUser user) => _state = user;

    /// <summary>The agent user with what a script has set.</summary>
    internal AgentUser ToAgentUser() => _state as AgentUser ?? AgentUser.FromJson(JsonValue.Parse(ToJson()));

    /// <summary>The object id.</summary>
    public Guid Id { get => Get(user => user.Id); set => Set(value); }

    /// <summary>The sign-in name.</summary>
    public string? UserPrincipalName { get => Get(user => user.UserPrincipalName); set => Set(value); }

    /// <summary>The display name.</summary>
    public string? DisplayName { get => Get(user => user.DisplayName); set => Set(value); }

    /// <summary>The object id of the agent identity that owns it.</summary>
    public Guid? IdentityParentId { get => Get(user => user.IdentityParentId); set => Set(value); }

    /// <summary>Whether the account is enabled.</summary>
    public bool? AccountEnabled { get => Get(user => user.AccountEnabled); set => Set(value); }

    /// <summary>The mail nickname.</summary>
    public string? MailNickname { get => Get(user => user.MailNickname); set => Set(value); }

    /// <summary>The mail address; null until there is a mailbox.</summary>
    public string? Mail { get => Get(user => user.Mail); set => Set(value); }

    /// <summary>Two-letter country code.</summary>
    public string? UsageLocation { get => Get(user => user.UsageLocation); set => Set(value); }

    /// <summary><c>Member</c> or <c>Guest</c>.</summary>
    public string? UserType { get => Get(user => user.UserType); set => Set(value); }

    /// <summary>When it was created, in UTC.</summary>
    public PSObject? CreatedDateTime { get => Get(user => Moment.Of(user.CreatedDateTime)); set => Set(Moment.From(value)); }

    /// <summary>When it was deleted, in UTC.</summary>
    public PSObject? DeletedDateTime { get => Get(user => Moment.Of(user.DeletedDateTime)); set => Set(Moment.From(value)); }

    /// <summary>First name.</summary>
    public string? GivenName { get => Get(user => user.GivenName); set => Set(value); }

    /// <summary>Last name.</summary>
    public string? Surname { get => Get(user => user.Surname); set => Set(value); }

    /// <summary>Job title.</summary>
    public string? JobTitle { get => Get(user => user.JobTitle); set => Set(value); }

    /// <summary>Department.</summary>
    public string? Department { get => Get(user => user.Department); set => Set(value); }

    /// <summary>Company.</summary>
    public string? CompanyName { get => Get(user => user.CompanyName); set => Set(value); }

    /// <summary>Employee id.</summary>
    public string? EmployeeId { get => Get(user => user.EmployeeId); set => Set(value); }

    /// <summary>Employee type.</summary>
    public string? EmployeeType { get => Get(user => user.EmployeeType); set => Set(value); }

    /// <summary>Start of work, in UTC.</summary>
    public PSObject? EmployeeHireDate { get => Get(user => Moment.Of(user.EmployeeHireDate)); set => Set(Moment.From(value)); }

    /// <summary>End of work, in UTC.</summary>
    public PSObject? EmployeeLeaveDateTime { get => Get(user => Moment.Of(user.EmployeeLeaveDateTime)); set => Set(Moment.From(value)); }

    /// <summary>Office.</summary>
    public string? OfficeLocation { get => Get(user => user.OfficeLocation); set => Set(value); }

    /// <summary>City.</summary>
    public string? City { get => Get(user => user.City); set => Set(value); }

    /// <summary>State or province.</summary>
    public string? State { get => Get(user => user.State); set => Set(value); }

    /// <summary>Country.</summary>
    public string? Country { get => Get(user => user.Country); set => Set(value); }

    /// <summary>Street address.</summary>
    public string? StreetAddress { get => Get(user => user.StreetAddress); set => Set(value); }

    /// <summary>Postal code.</summary>
    public string? PostalCode { get => Get(user => user.PostalCode); set => Set(value); }

    /// <summary>Preferred language.</summary>
    public string? PreferredLanguage { get => Get(user => user.PreferredLanguage); set => Set(value); }

    /// <summary>Mobile number.</summary>
    public string? MobilePhone { get => Get(user => user.MobilePhone); set => Set(value); }

    /// <summary>Business numbers, at most one.</summary>
    public JoinedList<string> BusinessPhones { get => Get(user => new JoinedList<string>(user.BusinessPhones)) ?? JoinedList<string>.Empty; set => Set(value); }

    /// <summary>Further mail addresses.</summary>
    public JoinedList<string> OtherMails { get => Get(user => new JoinedList<string>(user.OtherMails)) ?? JoinedList<string>.Empty; set => Set(value); }

    /// <summary>Mail addresses with their protocol.</summary>
    public JoinedList<string> ProxyAddresses { get => Get(user => new JoinedList<string>(user.ProxyAddresses)) ?? JoinedList<string>.Empty; set => Set(value); }

    /// <summary>Its licenses, direct and inherited: their text is the part number where this process has read the SKUs, else the SKU's id.</summary>
    public JoinedList<PSAssignedLicense> AssignedLicenses
    {
        get => Get(user => new JoinedList<PSAssignedLicense>(
            user.AssignedLicenses.Select(license => license.SkuId).OfType<Guid>().Select(id => new PSAssignedLicense(id)))) ?? JoinedList<PSAssignedLicense>.Empty;
        set => Set(value);
    }

    /// <summary>The manager; null where Get-AgentUser -Property Manager has read none, or has not read it.</summary>
    public PSAgentUserRelation? Manager { get => Get(_ => default(PSAgentUserRelation)); set => Set(value); }

    /// <summary>The sponsors; empty where Get-AgentUser -Property Sponsors has not read them.</summary>
    public JoinedList<PSAgentUserRelation> Sponsors { get => Get(_ => JoinedList<PSAgentUserRelation>.Empty) ?? JoinedList<PSAgentUserRelation>.Empty; set => Set(value); }

    /// <summary>
    /// Members that Get-AgentUser -Property reads beside these: extension properties, employeeOrgData, customSecurityAttributes; null if
    /// there are none.
    /// </summary>
    public PSObject? AdditionalMembers { get => Get(user => Plain.Object(user.AdditionalMembers)); set => Set(Plain.Object(value)); }

    /// <summary>All members that Graph sent, those without a property included; and in their place, what a script has set.</summary>
    /// <returns>A JSON object.</returns>
    public string ToJson()
    {
        if (_state is AgentUser user)
            return user.ToJson();
        var made = (Made)_state;
        IEnumerable<KeyValuePair<string, JsonValue>> members = made.User is null ? [] : made.User.ToJsonValue().Members;
        Dictionary<string, JsonValue> all = members.ToDictionary(member => member.Key, member => member.Value);
        foreach (KeyValuePair<string, object?> one in made.Members)
            all[char.ToLowerInvariant(one.Key[0]) + one.Key.Substring(1)] = Value(one.Value);
        return JsonValue.Object(all).ToString();
    }

    /// <summary>The sign-in name; the object id if there is none.</summary>
    /// <returns>The name.</returns>
    public override string ToString() => UserPrincipalName ?? Id.ToString();

    private static JsonValue Value(object? set) => set switch
    {
        PSAgentUserRelation relation => JsonValue.Parse(relation.ToJson()),
        JoinedList<PSAgentUserRelation> relations => JsonValue.Array(relations.Select(Value)),
        _ => JsonOf.Value(set),
    };

    private T? Get<T>(Func<AgentUser, T?> read, [CallerMemberName] string name = "")
    {
        if (_state is AgentUser sent)
            return read(sent);
        var made = (Made)_state;
        return made.Members.TryGetValue(name, out object? value) ? (T?)value : made.User is { } user ? read(user) : default;
    }

    private void Set(object? value, [CallerMemberName] string name = "")
    {
        if (_state is AgentUser user)
            _state = new Made(user);
        ((Made)_state).Members[name] = value;
    }

    /// <summary>An agent user of which a script has set members.</summary>
    private sealed class Made(AgentUser? user)
    {
        /// <summary>The agent user that Graph sent; null if a script has made it.</summary>
        internal AgentUser? User { get; } = user;

        /// <summary>The members that were set, by the names of the properties.</summary>
        internal Dictionary<string, object?> Members { get; } = [];
    }
}
