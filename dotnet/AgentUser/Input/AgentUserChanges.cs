namespace AgentUsers;

/// <summary>The members of an agent user to change. A member set to null is cleared; a member not set stays.</summary>
public sealed class AgentUserChanges : AgentUserMembers
{
    internal JsonValue ToJson() => JsonValue.Object(Members);
}
