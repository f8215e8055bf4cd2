namespace AgentUsers.PowerShell;

/// <summary>Operations whose ids are passed on as they were typed: the core says what is wrong with one.</summary>
internal static class Operation
{
    internal static JsonValue VerifyParent(string id) => JsonValue.ObjectOf(("operation", "verifyParent"), ("identityParentId", id));

    internal static JsonValue FindByParent(string id) => JsonValue.ObjectOf(("operation", "findByParent"), ("identityParentId", id));
}
