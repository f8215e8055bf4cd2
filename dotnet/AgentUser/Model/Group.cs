using System;
using System.Collections.Generic;
using System.Linq;

namespace AgentUsers;

/// <summary>A group.</summary>
public sealed class Group : GraphObject
{
    internal Group(JsonValue json)
        : base(json)
    {
    }

    /// <summary>The object id.</summary>
    public Guid? ObjectId => Id("id");

    /// <summary>The name people see.</summary>
    public string? DisplayName => Text("displayName");

    /// <summary><c>Unified</c> for a Microsoft 365 group, <c>DynamicMembership</c> for a dynamic one.</summary>
    public IReadOnlyList<string> GroupTypes => [.. Items("groupTypes").Select(kind => kind.AsString()).OfType<string>()];

    /// <summary>Whether it has a mail address.</summary>
    public bool? IsMailEnabled => Json["mailEnabled"]?.AsBoolean();

    /// <summary>Whether it can be given access.</summary>
    public bool? IsSecurityEnabled => Json["securityEnabled"]?.AsBoolean();

    /// <summary>Whether directory roles can be assigned to it.</summary>
    public bool? IsAssignableToRole => Json["isAssignableToRole"]?.AsBoolean();

    /// <summary>Whether it is synced from on-premises.</summary>
    public bool? IsSynced => Json["onPremisesSyncEnabled"]?.AsBoolean();
}
