namespace AgentUsers;

/// <summary>Members of an agent user to change. One that is set to null is cleared; one that is not set stays.</summary>
public sealed class AgentUserChanges : AgentUserMembers
{
    internal JsonValue ToJson() => JsonValue.Object(this);
}
