using System;
using System.Collections.Generic;
using System.Linq;

namespace AgentUsers;

/// <summary>
/// The members of an agent user that many others have alike, such as the department and the licenses: agent users of a page with the same
/// ones share one object.
/// </summary>
internal sealed class CommonMembers
{
    private readonly SparseTexts _texts;
    private MembersOfJson? _read;

    /// <param name="all">A text or null for each of <see cref="AgentUserFields"/>.</param>
    internal CommonMembers(string?[] all) => _texts = new SparseTexts(all);

    /// <summary>A text member by its number; null if there is none.</summary>
    internal string? this[int field] => _texts[field];

    /// <summary>The members that the native library hands out as JSON, read when one of them is first needed.</summary>
    internal MembersOfJson OfJson =>
        _read ??= new MembersOfJson(_texts[AgentUserFields.Other] is { } json ? JsonValue.Parse(json).Members : OrderedMap<JsonValue>.Empty);

    /// <summary>Whether their texts are these objects.</summary>
    internal bool Are(string?[] all) => _texts.Are(all);
}

/// <summary>The members of an agent user that have no number.</summary>
internal sealed class MembersOfJson
{
    internal MembersOfJson(IReadOnlyDictionary<string, JsonValue> all)
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
