namespace AgentUsers;

/// <summary>
/// Makes results from JSON, for tests that put a substitute in the place of <see cref="AgentUserClient"/>: its methods are virtual,
/// and it has a constructor without a native client for that.
/// </summary>
public static class AgentUserModelFactory
{
    /// <summary>Makes an agent user.</summary>
    /// <param name="json">The object as Graph sends it.</param>
    /// <returns>The agent user.</returns>
    public static AgentUser AgentUser(string json) => AgentUsers.AgentUser.FromJson(JsonValue.Parse(json));

    /// <summary>Makes an agent identity.</summary>
    /// <param name="json">The object as Graph sends it.</param>
    /// <returns>The agent identity.</returns>
    public static AgentIdentity AgentIdentity(string json) => new(JsonValue.Parse(json));

    /// <summary>Makes a blueprint.</summary>
    /// <param name="json">The object as Graph sends it.</param>
    /// <returns>The blueprint.</returns>
    public static AgentBlueprint AgentBlueprint(string json) => new(JsonValue.Parse(json));

    /// <summary>Makes the chain from a blueprint to its agent users.</summary>
    /// <param name="json">The object as docs/schema.json describes it.</param>
    /// <returns>The chain.</returns>
    public static BlueprintChain BlueprintChain(string json) => new(JsonValue.Parse(json));

    /// <summary>Makes the lifecycle of an agent identity.</summary>
    /// <param name="json">The object as docs/schema.json describes it.</param>
    /// <returns>The lifecycle of the agent identity.</returns>
    public static AgentLifecycle AgentLifecycle(string json) => new(JsonValue.Parse(json));

    /// <summary>Makes the result of an audit.</summary>
    /// <param name="json">The object as docs/schema.json describes it.</param>
    /// <returns>The report.</returns>
    public static AgentAudit AgentAudit(string json) => new(JsonValue.Parse(json));

    /// <summary>Makes the permissions and roles that operations need.</summary>
    /// <param name="json">The object as docs/schema.json describes it.</param>
    /// <returns>The permissions and roles.</returns>
    public static RequiredPermissions RequiredPermissions(string json) => new(JsonValue.Parse(json));

    /// <summary>Makes what the doctor found.</summary>
    /// <param name="json">The object as docs/schema.json describes it.</param>
    /// <returns>The diagnosis.</returns>
    public static Diagnosis Diagnosis(string json) => new(JsonValue.Parse(json));

    /// <summary>Makes the objects that a person sponsors.</summary>
    /// <param name="json">The object as docs/schema.json describes it.</param>
    /// <returns>The objects, by their types.</returns>
    public static Sponsored Sponsored(string json) => new(JsonValue.Parse(json));

    /// <summary>Makes a manager or sponsor.</summary>
    /// <param name="json">The object as Graph sends it.</param>
    /// <returns>The directory object.</returns>
    public static DirectoryObject DirectoryObject(string json) => new(JsonValue.Parse(json));

    /// <summary>Makes a SKU of the tenant.</summary>
    /// <param name="json">The object as Graph sends it.</param>
    /// <returns>The SKU.</returns>
    public static SubscribedSku SubscribedSku(string json) => new(JsonValue.Parse(json));

    /// <summary>Makes an assignment of a license.</summary>
    /// <param name="json">The object as docs/schema.json describes it.</param>
    /// <returns>The assignment.</returns>
    public static LicenseAssignment LicenseAssignment(string json) => new(JsonValue.Parse(json));

    /// <summary>Makes a report.</summary>
    /// <param name="json">The object as docs/schema.json describes it.</param>
    /// <returns>The report.</returns>
    public static ProvisionReport ProvisionReport(string json) => AgentUsers.ProvisionReport.From(JsonValue.Parse(json));

    /// <summary>Makes what an agent user has access to.</summary>
    /// <param name="json">The object as docs/schema.json describes it.</param>
    /// <returns>Its access.</returns>
    public static AgentAccess AgentAccess(string json) => new(JsonValue.Parse(json));

    /// <summary>Makes the permissions of an agent.</summary>
    /// <param name="json">The object as docs/schema.json describes it.</param>
    /// <returns>The permissions.</returns>
    public static AgentPermissions AgentPermissions(string json) => new(JsonValue.Parse(json));

    /// <summary>Makes the report of a change of permissions.</summary>
    /// <param name="json">The object as docs/schema.json describes it.</param>
    /// <returns>The report.</returns>
    public static PermissionReport PermissionReport(string json) => AgentUsers.PermissionReport.From(JsonValue.Parse(json));

    /// <summary>Makes the end of a wait for a permission.</summary>
    /// <param name="json">The object as docs/schema.json describes it.</param>
    /// <returns>The end.</returns>
    public static TokenPermission TokenPermission(string json) => new(JsonValue.Parse(json));

    /// <summary>Makes the numbers of a roster's rows.</summary>
    /// <param name="json">The object as docs/schema.json describes it.</param>
    /// <returns>The summary.</returns>
    public static RosterSummary RosterSummary(string json) => AgentUsers.RosterSummary.From(JsonValue.Parse(json));

    /// <summary>Makes a plan.</summary>
    /// <param name="json">The content of its file, or the object as docs/schema.json describes it.</param>
    /// <returns>The plan.</returns>
    public static AgentUserPlan AgentUserPlan(string json) => AgentUsers.AgentUserPlan.From(JsonValue.Parse(json));

    /// <summary>Makes a problem.</summary>
    /// <param name="json">The object as <see cref="Problem.ToJson"/> gives it.</param>
    /// <returns>The problem.</returns>
    public static Problem Problem(string json) => AgentUsers.Problem.Parse(json);
}
