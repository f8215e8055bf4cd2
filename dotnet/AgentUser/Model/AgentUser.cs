using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;

namespace AgentUsers;

/// <summary>
/// A user, most often an agent user: the account that an AI agent works with. It never changes; members that this version
/// does not know are in <see cref="AdditionalMembers"/>.
/// </summary>
public sealed class AgentUser
{
    /// <summary>The members that each agent user has by itself.</summary>
    private const ulong Own = 1UL << AgentUserFields.Id | 1UL << AgentUserFields.IdentityParentId | 1UL << AgentUserFields.UserPrincipalName
        | 1UL << AgentUserFields.DisplayName | 1UL << AgentUserFields.MailNickname | 1UL << AgentUserFields.Mail | 1UL << AgentUserFields.CreatedDateTime;

    /// <summary>In the place of a mail nickname that is the sign-in name up to its @, as most are: lists keep it once.</summary>
    private static readonly string s_localPart = new('@', 1);

    private readonly CommonMembers _common;
    private readonly string? _mailNickname;
    private readonly string? _createdDateTime;
    private readonly Guid _identityParentId;
    private readonly bool _hasParent;

    private AgentUser(
        Guid id, Guid? identityParentId, bool? accountEnabled, string? userPrincipalName, string? displayName, string? mailNickname, string? mail,
        string? createdDateTime, CommonMembers common)
    {
        Id = id;
        _identityParentId = identityParentId.GetValueOrDefault();
        _hasParent = identityParentId is not null;
        AccountEnabled = accountEnabled;
        UserPrincipalName = userPrincipalName;
        DisplayName = displayName;
        _mailNickname = mailNickname;
        Mail = mail;
        _createdDateTime = createdDateTime;
        _common = common;
    }

    /// <summary>The object id.</summary>
    public Guid Id { get; }

    /// <summary>The object id of the agent identity that owns it. It never changes; a human has none.</summary>
    public Guid? IdentityParentId => _hasParent ? _identityParentId : null;

    /// <summary>Whether the account is enabled.</summary>
    public bool? AccountEnabled { get; }

    /// <summary>The type, <c>#microsoft.graph.agentUser</c> for an agent user. Some answers omit it.</summary>
    public string? ODataType => _common[AgentUserFields.OdataType];

    /// <summary>The sign-in name.</summary>
    public string? UserPrincipalName { get; }

    /// <summary>The display name.</summary>
    public string? DisplayName { get; }

    /// <summary>The mail nickname.</summary>
    public string? MailNickname => ReferenceEquals(_mailNickname, s_localPart)
        ? UserPrincipalName!.Substring(0, UserPrincipalName.IndexOf('@'))
        : _mailNickname;

    /// <summary>Two-letter country code.</summary>
    public string? UsageLocation => _common[AgentUserFields.UsageLocation];

    /// <summary><c>Member</c> or <c>Guest</c>.</summary>
    public string? UserType => _common[AgentUserFields.UserType];

    /// <summary>When it was created.</summary>
    public DateTimeOffset? CreatedDateTime => Moments.Parse(_createdDateTime);

    /// <summary>When it was deleted.</summary>
    public DateTimeOffset? DeletedDateTime => Moment(AgentUserFields.DeletedDateTime);

    /// <summary>Start of work.</summary>
    public DateTimeOffset? EmployeeHireDate => Moment(AgentUserFields.EmployeeHireDate);

    /// <summary>End of work.</summary>
    public DateTimeOffset? EmployeeLeaveDateTime => Moment(AgentUserFields.EmployeeLeaveDateTime);

    /// <summary>The mail address; null until there is a mailbox.</summary>
    public string? Mail { get; }

    /// <summary>First name.</summary>
    public string? GivenName => _common[AgentUserFields.GivenName];

    /// <summary>Last name.</summary>
    public string? Surname => _common[AgentUserFields.Surname];

    /// <summary>Job title.</summary>
    public string? JobTitle => _common[AgentUserFields.JobTitle];

    /// <summary>Department.</summary>
    public string? Department => _common[AgentUserFields.Department];

    /// <summary>Company.</summary>
    public string? CompanyName => _common[AgentUserFields.CompanyName];

    /// <summary>Employee id.</summary>
    public string? EmployeeId => _common[AgentUserFields.EmployeeId];

    /// <summary>Employee type.</summary>
    public string? EmployeeType => _common[AgentUserFields.EmployeeType];

    /// <summary>Office.</summary>
    public string? OfficeLocation => _common[AgentUserFields.OfficeLocation];

    /// <summary>City.</summary>
    public string? City => _common[AgentUserFields.City];

    /// <summary>State or province.</summary>
    public string? State => _common[AgentUserFields.State];

    /// <summary>Country.</summary>
    public string? Country => _common[AgentUserFields.Country];

    /// <summary>Street address.</summary>
    public string? StreetAddress => _common[AgentUserFields.StreetAddress];

    /// <summary>Postal code.</summary>
    public string? PostalCode => _common[AgentUserFields.PostalCode];

    /// <summary>Preferred language.</summary>
    public string? PreferredLanguage => _common[AgentUserFields.PreferredLanguage];

    /// <summary>Mobile number.</summary>
    public string? MobilePhone => _common[AgentUserFields.MobilePhone];

    /// <summary>Business numbers, at most one.</summary>
    public IReadOnlyList<string> BusinessPhones => _common.OfJson.BusinessPhones;

    /// <summary>Further mail addresses.</summary>
    public IReadOnlyList<string> OtherMails => _common.OfJson.OtherMails;

    /// <summary>Mail addresses with their protocol.</summary>
    public IReadOnlyList<string> ProxyAddresses => _common.OfJson.ProxyAddresses;

    /// <summary>Licenses, direct and inherited.</summary>
    public IReadOnlyList<AssignedLicense> AssignedLicenses => _common.OfJson.AssignedLicenses;

    /// <summary>The state of each license assignment.</summary>
    public IReadOnlyList<LicenseAssignmentState> LicenseAssignmentStates => _common.OfJson.LicenseAssignmentStates;

    /// <summary>The service plans of the licenses.</summary>
    public IReadOnlyList<AssignedPlan> AssignedPlans => _common.OfJson.AssignedPlans;

    /// <summary>
    /// Members that have no property here, by Graph's names: null, <see cref="string"/>, <see cref="bool"/>, <see cref="long"/>,
    /// <see cref="double"/>, or a list or dictionary of such values.
    /// </summary>
    public IReadOnlyDictionary<string, object?> AdditionalMembers => _common.OfJson.Additional;

    /// <summary>Whether this user is an agent user: by its type if the answer names one, else by having a parent.</summary>
    public bool IsAgentUser => ODataType is { } type
        ? type.TrimStart('#').Equals("microsoft.graph.agentUser", StringComparison.OrdinalIgnoreCase)
        : IdentityParentId is not null;

    /// <summary>The JSON object of every member that Graph sent, by Graph's names.</summary>
    /// <returns>The JSON.</returns>
    public string ToJson() => ToJsonValue().ToString();

    internal JsonValue ToJsonValue()
    {
        var members = new List<KeyValuePair<string, JsonValue>>();
        for (int field = 0; field < AgentUserFields.Names.Length; field++)
        {
            JsonValue value = field switch
            {
                AgentUserFields.Id => Id,
                AgentUserFields.IdentityParentId => IdentityParentId is { } parent ? parent : JsonValue.Null,
                AgentUserFields.UserPrincipalName => UserPrincipalName,
                AgentUserFields.DisplayName => DisplayName,
                AgentUserFields.MailNickname => MailNickname,
                AgentUserFields.Mail => Mail,
                AgentUserFields.CreatedDateTime => _createdDateTime,
                _ => _common[field],
            };
            if (value.Kind != JsonKind.Null)
                members.Add(new(AgentUserFields.Names[field], value));
        }
        if (AccountEnabled is { } enabled)
            members.Add(new("accountEnabled", enabled));
        return JsonValue.Object(members.Concat(_common.OfJson.All));
    }

    /// <summary>The sign-in name; the object id if there is none.</summary>
    /// <returns>The name.</returns>
    public override string ToString() => UserPrincipalName ?? Id.ToString();

    /// <summary>Whether a member belongs to each agent user by itself, where lists share the others.</summary>
    internal static bool IsOwn(int field) => (Own & 1UL << field) != 0;

    /// <summary>Reads a row of the native library.</summary>
    /// <param name="fields">A pointer for each of <see cref="AgentUserFields"/>.</param>
    /// <param name="flags">Bit 0: there is <c>accountEnabled</c>; bit 1: its value.</param>
    /// <param name="shared">What rows of the page share.</param>
    [MethodImpl(HotPath.Optimized)]
    internal static unsafe AgentUser FromRow(NativeText* fields, ulong flags, SharedMembers shared)
    {
        NativeText name = fields[AgentUserFields.UserPrincipalName], mail = fields[AgentUserFields.Mail], nickname = fields[AgentUserFields.MailNickname];
        string? userPrincipalName = name.ToText();
        return new AgentUser(
            fields[AgentUserFields.Id].ToGuid() ?? throw new FormatException("An agent user came without an id."),
            fields[AgentUserFields.IdentityParentId].ToGuid(),
            (flags & 1) == 0 ? null : (flags & 2) != 0,
            userPrincipalName,
            fields[AgentUserFields.DisplayName].ToText(),
            nickname.IsStartOf(name, (byte)'@') ? s_localPart : nickname.ToText(),
            mail.IsAbsent ? null : mail.IsSame(name) ? userPrincipalName : mail.ToText(),
            shared.Text(fields[AgentUserFields.CreatedDateTime]),
            shared.Common(fields));
    }

    /// <summary>Reads an object as Graph sends it.</summary>
    /// <exception cref="FormatException">It has no id.</exception>
    internal static AgentUser FromJson(JsonValue json)
    {
        var texts = new string?[AgentUserFields.Count];
        var other = new List<KeyValuePair<string, JsonValue>>();
        foreach (KeyValuePair<string, JsonValue> member in json.Members)
        {
            int field = Array.IndexOf(AgentUserFields.Names, member.Key);
            if (field >= 0)
                texts[field] = member.Value.AsString();
            else if (member.Key != "accountEnabled")
                other.Add(member);
        }
        string?[] common = [.. texts.Select((text, field) => IsOwn(field) ? null : text)];
        common[AgentUserFields.Other] = other.Count == 0 ? null : JsonValue.Object(other).ToString();
        return new AgentUser(
            Identifier(texts[AgentUserFields.Id]) ?? throw new FormatException("The agent user has no id."),
            Identifier(texts[AgentUserFields.IdentityParentId]),
            json["accountEnabled"]?.AsBoolean(),
            texts[AgentUserFields.UserPrincipalName],
            texts[AgentUserFields.DisplayName],
            texts[AgentUserFields.MailNickname],
            texts[AgentUserFields.Mail],
            texts[AgentUserFields.CreatedDateTime],
            new CommonMembers(common));
    }

    private static Guid? Identifier(string? text) => text is null ? null : Guid.ParseExact(text, "D");

    private DateTimeOffset? Moment(int field) => Moments.Parse(_common[field]);
}
