namespace AgentUsers;

/// <summary>A Conditional Access policy for agent users, report-only, that an admin may send.</summary>
public sealed class AccessPolicy : GraphObject
{
    internal AccessPolicy(JsonValue json)
        : base(json)
    {
    }

    /// <summary>Its name here.</summary>
    public string Name => Text("name") ?? "";

    /// <summary>A sentence that says which sign-ins it would block.</summary>
    public string Blocks => Text("blocks") ?? "";

    /// <summary>The version of Graph whose metadata has all of its members: <c>v1.0</c> or <c>beta</c>.</summary>
    public string Version => Text("version") ?? "";

    /// <summary>The path to which an admin posts it, version included.</summary>
    public string Path => Text("path") ?? "";

    /// <summary>Microsoft's page about it.</summary>
    public string Documentation => Text("documentation") ?? "";

    /// <summary>The part of it that no page of Microsoft's shows for agent users; null where there is none.</summary>
    public string? Assumed => Text("assumed");

    /// <summary>The body of the request, as JSON.</summary>
    public string Policy => (Json["policy"] ?? JsonValue.Null).ToString();
}
