using System.Collections.Generic;
using System.Linq;

namespace AgentUsers;

/// <summary>The permissions and roles that operations need, the least privileged ones.</summary>
public sealed class RequiredPermissions : GraphObject
{
    internal RequiredPermissions(JsonValue json)
        : base(json)
    {
    }

    /// <summary>The operations.</summary>
    public IReadOnlyList<string> Operations => Texts("operations");

    /// <summary>The needs of an application that manages the agent users of any blueprint.</summary>
    public PermissionSet Application => Set("application");

    /// <summary>The needs of a blueprint that manages the agent users of its own agent identities.</summary>
    public PermissionSet Blueprint => Set("blueprint");

    /// <summary>The needs of a signed-in person: delegated permissions and roles.</summary>
    public PermissionSet Delegated => Set("delegated");

    /// <summary>The requests, each with the permissions that allow it.</summary>
    public IReadOnlyList<RequiredRequest> Requests => [.. Items("requests").Select(one => new RequiredRequest(one))];

    /// <summary>The date of Microsoft's permission map that the table was compared with.</summary>
    public string? MapDate => Text("mapDate");

    private PermissionSet Set(string member) => new(Json[member] ?? JsonValue.Null);
}

/// <summary>The fewest permissions that one caller needs.</summary>
public sealed class PermissionSet : GraphObject
{
    internal PermissionSet(JsonValue json)
        : base(json)
    {
    }

    /// <summary>Those that are needed always.</summary>
    public IReadOnlyList<string> Permissions => Texts("permissions");

    /// <summary>Those that are needed besides, under a condition.</summary>
    public IReadOnlyList<ConditionalPermissions> Conditional => [.. Items("conditional").Select(one => new ConditionalPermissions(one))];

    /// <summary>Those that spare answers that the operations can do without.</summary>
    public IReadOnlyList<OptionalPermissions> Optional => [.. Items("optional").Select(one => new OptionalPermissions(one))];

    /// <summary>The least Entra roles; of a signed-in person alone.</summary>
    public IReadOnlyList<string> Roles => Texts("roles");
}

/// <summary>Permissions that are needed under a condition.</summary>
public sealed class ConditionalPermissions : GraphObject
{
    internal ConditionalPermissions(JsonValue json)
        : base(json)
    {
    }

    /// <summary>The condition, such as <c>manager</c>.</summary>
    public string Condition => Text("condition") ?? "";

    /// <summary>The same in words.</summary>
    public string When => Text("when") ?? "";

    /// <summary>The permissions.</summary>
    public IReadOnlyList<string> Permissions => Texts("permissions");

    /// <summary>The least Entra roles; of a signed-in person alone.</summary>
    public IReadOnlyList<string> Roles => Texts("roles");
}

/// <summary>Permissions that operations can do without.</summary>
public sealed class OptionalPermissions : GraphObject
{
    internal OptionalPermissions(JsonValue json)
        : base(json)
    {
    }

    /// <summary>The permissions.</summary>
    public IReadOnlyList<string> Permissions => Texts("permissions");

    /// <summary>The result that is missing without them.</summary>
    public string Otherwise => Text("otherwise") ?? "";
}

/// <summary>A request with the permissions that allow it.</summary>
public sealed class RequiredRequest : GraphObject
{
    internal RequiredRequest(JsonValue json)
        : base(json)
    {
    }

    /// <summary>Its name.</summary>
    public string Call => Text("call") ?? "";

    /// <summary>The method.</summary>
    public string Method => Text("method") ?? "";

    /// <summary>The path, with the variable parts in braces.</summary>
    public string Path => Text("path") ?? "";

    /// <summary>The application permissions that allow it, any one of them, least privileged first.</summary>
    public IReadOnlyList<string> Application => Texts("application");

    /// <summary>The delegated permissions that allow it, any one of them, least privileged first.</summary>
    public IReadOnlyList<string> Delegated => Texts("delegated");

    /// <summary>The least Entra role of a signed-in person, where Microsoft names one.</summary>
    public string? Role => Text("role");

    /// <summary>Whether Microsoft's permission map says the same: <c>agrees</c>, <c>differs</c> or <c>absent</c>.</summary>
    public string Map => Text("map") ?? "";
}
