using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace AgentUsers;

/// <summary>
/// A user, most often an agent user: the account that an AI agent works with. It never changes; members that this version
/// does not know are in <see cref="AdditionalMembers"/>.
/// </summary>
public sealed class AgentUser
{
    private readonly SparseTexts _texts;
    private readonly string? _other;
    private OtherMembers? _read;

    private AgentUser(Guid id, Guid? identityParentId, bool? accountEnabled, SparseTexts texts, string? other)
    {
        Id = id;
        IdentityParentId = identityParentId;
        AccountEnabled = accountEnabled;
        _texts = texts;
        _other = other;
    }

    /// <summary>The object id.</summary>
    public Guid Id { get; }

    /// <summary>The object id of the agent identity that owns it. It never changes; a human has none.</summary>
    public Guid? IdentityParentId { get; }

    /// <summary>Whether the account is enabled.</summary>
    public bool? AccountEnabled { get; }

    /// <summary>The type, <c>#microsoft.graph.agentUser</c> for an agent user. Some answers omit it.</summary>
    public string? ODataType => _texts[AgentUserFields.OdataType];

    /// <summary>The sign-in name.</summary>
    public string? UserPrincipalName => _texts[AgentUserFields.UserPrincipalName];

    /// <summary>The display name.</summary>
    public string? DisplayName => _texts[AgentUserFields.DisplayName];

    /// <summary>The mail nickname.</summary>
    public string? MailNickname => _texts[AgentUserFields.MailNickname];

    /// <summary>Two-letter country code.</summary>
    public string? UsageLocation => _texts[AgentUserFields.UsageLocation];

    /// <summary><c>Member</c> or <c>Guest</c>.</summary>
    public string? UserType => _texts[AgentUserFields.UserType];

    /// <summary>When it was created.</summary>
    public DateTimeOffset? CreatedDateTime => Moment(AgentUserFields.CreatedDateTime);

    /// <summary>When it was deleted.</summary>
    public DateTimeOffset? DeletedDateTime => Moment(AgentUserFields.DeletedDateTime);

    /// <summary>Start of work.</summary>
    public DateTimeOffset? EmployeeHireDate => Moment(AgentUserFields.EmployeeHireDate);

    /// <summary>End of work.</summary>
    public DateTimeOffset? EmployeeLeaveDateTime => Moment(AgentUserFields.EmployeeLeaveDateTime);

    /// <summary>The mail address; null until there is a mailbox.</summary>
    public string? Mail => _texts[AgentUserFields.Mail];

    /// <summary>First name.</summary>
    public string? GivenName => _texts[AgentUserFields.GivenName];

    /// <summary>Last name.</summary>
    public string? Surname => _texts[AgentUserFields.Surname];

    /// <summary>Job title.</summary>
    public string? JobTitle => _texts[AgentUserFields.JobTitle];

    /// <summary>Department.</summary>
    public string? Department => _texts[AgentUserFields.Department];

    /// <summary>Company.</summary>
    public string? CompanyName => _texts[AgentUserFields.CompanyName];

    /// <summary>Employee id.</summary>
    public string? EmployeeId => _texts[AgentUserFields.EmployeeId];

    /// <summary>Employee type.</summary>
    public string? EmployeeType => _texts[AgentUserFields.EmployeeType];

    /// <summary>Office.</summary>
    public string? OfficeLocation => _texts[AgentUserFields.OfficeLocation];

    /// <summary>City.</summary>
    public string? City => _texts[AgentUserFields.City];

    /// <summary>State or province.</summary>
    public string? State => _texts[AgentUserFields.State];

    /// <summary>Country.</summary>
    public string? Country => _texts[AgentUserFields.Country];

    /// <summary>Street address.</summary>
    public string? StreetAddress => _texts[AgentUserFields.StreetAddress];

    /// <summary>Postal code.</summary>
    public string? PostalCode => _texts[AgentUserFields.PostalCode];

    /// <summary>Preferred language.</summary>
    public string? PreferredLanguage => _texts[AgentUserFields.PreferredLanguage];

    /// <summary>Mobile number.</summary>
    public string? MobilePhone => _texts[AgentUserFields.MobilePhone];

    /// <summary>Business numbers, at most one.</summary>
    public IReadOnlyList<string> BusinessPhones => Others.BusinessPhones;

    /// <summary>Further mail addresses.</summary>
    public IReadOnlyList<string> OtherMails => Others.OtherMails;

    /// <summary>Mail addresses with their protocol.</summary>
    public IReadOnlyList<string> ProxyAddresses => Others.ProxyAddresses;

    /// <summary>Licenses, direct and inherited.</summary>
    public IReadOnlyList<AssignedLicense> AssignedLicenses => Others.AssignedLicenses;

    /// <summary>The state of each license assignment.</summary>
    public IReadOnlyList<LicenseAssignmentState> LicenseAssignmentStates => Others.LicenseAssignmentStates;

    /// <summary>The service plans of the licenses.</summary>
    public IReadOnlyList<AssignedPlan> AssignedPlans => Others.AssignedPlans;

    /// <summary>
    /// Members that have no property here, by Graph's names: null, <see cref="string"/>, <see cref="bool"/>, <see cref="long"/>,
    /// <see cref="double"/>, or a list or dictionary of such values.
    /// </summary>
    public IReadOnlyDictionary<string, object?> AdditionalMembers => Others.Additional;

    /// <summary>Whether this user is an agent user: by its type if the answer names one, else by having a parent.</summary>
    public bool IsAgentUser => ODataType is { } type
        ? type.TrimStart('#').Equals("microsoft.graph.agentUser", StringComparison.OrdinalIgnoreCase)
        : IdentityParentId is not null;

    private OtherMembers Others => _read ??= new OtherMembers(_other is null ? OrderedMap<JsonValue>.Empty : JsonValue.Parse(_other).Members);

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
                AgentUserFields.IdentityParentId when IdentityParentId is { } parent => parent,
                _ => _texts[field],
            };
            if (value.Kind != JsonKind.Null)
                members.Add(new(AgentUserFields.Names[field], value));
        }
        if (AccountEnabled is { } enabled)
            members.Add(new("accountEnabled", enabled));
        return JsonValue.Object(members.Concat(Others.All));
    }

    /// <summary>The sign-in name; the object id if there is none.</summary>
    /// <returns>The name.</returns>
    public override string ToString() => UserPrincipalName ?? Id.ToString();

    /// <summary>Reads a row of the native library.</summary>
    /// <param name="fields">A pointer for each of <see cref="AgentUserFields"/>.</param>
    /// <param name="flags">Bit 0: there is <c>accountEnabled</c>; bit 1: its value.</param>
    /// <param name="shared">The texts that rows of the page share.</param>
    internal static unsafe AgentUser FromRow(NativeText* fields, ulong flags, SharedTexts shared)
    {
        return new AgentUser(
            fields[AgentUserFields.Id].ToGuid() ?? throw new FormatException("An agent user came without an id."),
            fields[AgentUserFields.IdentityParentId].ToGuid(),
            (flags & 1) == 0 ? null : (flags & 2) != 0,
            SparseTexts.FromRow(fields, shared),
            fields[AgentUserFields.Other].IsAbsent ? null : shared.Get(fields[AgentUserFields.Other]));
    }

    /// <summary>Reads an object as Graph sends it.</summary>
    /// <exception cref="FormatException">It has no id.</exception>
    internal static AgentUser FromJson(JsonValue json)
    {
        var texts = new string?[AgentUserFields.Count - 1];
        var other = new List<KeyValuePair<string, JsonValue>>();
        foreach (KeyValuePair<string, JsonValue> member in json.Members)
        {
            int field = Array.IndexOf(AgentUserFields.Names, member.Key);
            if (field >= 0)
                texts[field] = member.Value.AsString();
            else if (member.Key != "accountEnabled")
                other.Add(member);
        }
        return new AgentUser(
            Identifier(texts[AgentUserFields.Id]) ?? throw new FormatException("The agent user has no id."),
            Identifier(texts[AgentUserFields.IdentityParentId]),
            json["accountEnabled"]?.AsBoolean(),
            SparseTexts.Of(texts),
            other.Count == 0 ? null : JsonValue.Object(other).ToString());
    }

    private static Guid? Identifier(string? text) => text is null ? null : Guid.ParseExact(text, "D");

    private DateTimeOffset? Moment(int field) => Moments.Parse(_texts[field]);

    /// <summary>The members that the native library hands out as JSON, read when one of them is first needed.</summary>
    private sealed class OtherMembers
    {
        internal OtherMembers(IReadOnlyDictionary<string, JsonValue> all)
        {
            All = all;
            var rest = all.ToDictionary(member => member.Key, member => member.Value);
            BusinessPhones = Take(rest, "businessPhones", item => item.AsString());
            OtherMails = Take(rest, "otherMails", item => item.AsString());
            ProxyAddresses = Take(rest, "proxyAddresses", item => item.AsString());
            AssignedLicenses = Take(rest, "assignedLicenses", item => new AssignedLicense(item));
            LicenseAssignmentStates = Take(rest, "licenseAssignmentStates", item => new LicenseAssignmentState(item));
            AssignedPlans = Take(rest, "assignedPlans", item => new AssignedPlan(item));
            Additional = PlainValues.From(all.Where(member => rest.ContainsKey(member.Key)));
        }

        internal IReadOnlyDictionary<string, JsonValue> All { get; }

        internal IReadOnlyDictionary<string, object?> Additional { get; }

        internal IReadOnlyList<string> BusinessPhones { get; }

        internal IReadOnlyList<string> OtherMails { get; }

        internal IReadOnlyList<string> ProxyAddresses { get; }

        internal IReadOnlyList<AssignedLicense> AssignedLicenses { get; }

        internal IReadOnlyList<LicenseAssignmentState> LicenseAssignmentStates { get; }

        internal IReadOnlyList<AssignedPlan> AssignedPlans { get; }

        private static T[] Take<T>(Dictionary<string, JsonValue> rest, string name, Func<JsonValue, T?> read)
            where T : class
        {
            if (!rest.TryGetValue(name, out JsonValue? value))
                return [];
            rest.Remove(name);
            return [.. value.Items.Select(read).OfType<T>()];
        }
    }
}
