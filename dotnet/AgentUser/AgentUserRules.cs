using System;
using System.Collections.Generic;
using System.Linq;

namespace AgentUsers;

/// <summary>Microsoft's rules for agent users, checked without a server.</summary>
public static unsafe class AgentUserRules
{
    /// <summary>Checks what an agent user shall be.</summary>
    /// <param name="row">What it shall be.</param>
    /// <param name="domain">The domain of a user principal name that is to be derived.</param>
    /// <param name="verifiedDomains">The tenant's verified domains, where they are known.</param>
    /// <returns>Every broken rule, and the body of the create request when none is.</returns>
    public static AgentUserValidation Validate(AgentUserRow row, string? domain = null, IEnumerable<string>? verifiedDomains = null) =>
        new(NativeCalls.Ask(NativeFunctions.Instance.Validate, JsonValue.ObjectOf(
            ("agentUser", row.ToJson()),
            ("domain", Operations.Optional(domain)),
            ("verifiedDomains", Optional(verifiedDomains)))));

    /// <summary>Checks one member.</summary>
    /// <param name="member">Graph's property name.</param>
    /// <param name="value">Its value.</param>
    /// <param name="verifiedDomains">The tenant's verified domains, where they are known.</param>
    /// <returns>Every broken rule.</returns>
    /// <exception cref="AgentUserException">There is no such member.</exception>
    public static IReadOnlyList<Violation> ValidateMember(string member, JsonValue value, IEnumerable<string>? verifiedDomains = null) =>
        Violation.ListFrom(NativeCalls.Ask(NativeFunctions.Instance.ValidateMember, JsonValue.ObjectOf(
            ("member", member),
            ("value", value ?? JsonValue.Null),
            ("verifiedDomains", Optional(verifiedDomains)))));

    /// <summary>Checks a roster.</summary>
    /// <param name="roster">The file: CSV or JSON.</param>
    /// <param name="domain">The domain of user principal names that are to be derived.</param>
    /// <param name="verifiedDomains">The tenant's verified domains, where they are known.</param>
    /// <returns>How many rows it has, and what is wrong with it.</returns>
    public static RosterValidation ValidateRoster(byte[] roster, string? domain = null, IEnumerable<string>? verifiedDomains = null)
    {
        if (roster is null)
            throw new ArgumentNullException(nameof(roster));
        JsonValue question = JsonValue.ObjectOf(("domain", Operations.Optional(domain)), ("verifiedDomains", Optional(verifiedDomains)));
        return new RosterValidation(NativeCalls.Ask(NativeFunctions.Instance.ValidateRoster, question, roster));
    }

    /// <summary>Derives names from a display name.</summary>
    /// <param name="displayName">The display name.</param>
    /// <param name="domain">The domain of the user principal name; without it there is none.</param>
    /// <param name="alternative">Which choice to give: 1 is the plain name, 2 ends with 2, and so on.</param>
    /// <returns>The names.</returns>
    /// <exception cref="AgentUserException">Nothing can be derived.</exception>
    public static DerivedNames Derive(string displayName, string? domain = null, int? alternative = null) =>
        new(NativeCalls.Ask(NativeFunctions.Instance.Derive, JsonValue.ObjectOf(
            ("displayName", displayName),
            ("domain", Operations.Optional(domain)),
            ("alternative", alternative is { } number ? number : null))));

    /// <summary>Explains an answer with which Graph refused something.</summary>
    /// <param name="call">Which call it was, such as <c>createAgentUser</c>.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="body">The body.</param>
    /// <param name="headers">The headers.</param>
    /// <returns>The problem, with its cause and the fix.</returns>
    public static Problem Explain(string call, int status, byte[] body, IEnumerable<KeyValuePair<string, string>>? headers = null)
    {
        if (body is null)
            throw new ArgumentNullException(nameof(body));
        JsonValue question = JsonValue.ObjectOf(
            ("call", call),
            ("status", status),
            ("headers", headers is null ? null : JsonValue.Array(headers.Select(header => JsonValue.Array([header.Key, header.Value])))));
        return Problem.From(NativeCalls.Ask(NativeFunctions.Instance.Explain, question, body));
    }

    private static JsonValue? Optional(IEnumerable<string>? texts) => texts is null ? null : JsonValue.Array(texts);
}

/// <summary>What is wrong with an agent user that is to be.</summary>
public sealed class AgentUserValidation
{
    internal AgentUserValidation(JsonValue json)
    {
        Violations = Violation.ListFrom(json);
        AgentUser = json["agentUser"];
    }

    /// <summary>Whether no rule is broken.</summary>
    public bool IsValid => Violations.Count == 0;

    /// <summary>Every broken rule.</summary>
    public IReadOnlyList<Violation> Violations { get; }

    /// <summary>The body of the request that would create it, when no rule is broken.</summary>
    public JsonValue? AgentUser { get; }
}

/// <summary>What is wrong with a roster.</summary>
public sealed class RosterValidation
{
    internal RosterValidation(JsonValue json)
    {
        Rows = (int?)json["rows"]?.AsInt64() ?? 0;
        Problem = json["problem"] is { } problem ? Problem.From(problem) : null;
    }

    /// <summary>Whether it can be applied.</summary>
    public bool IsValid => Problem is null;

    /// <summary>How many agent users it names.</summary>
    public int Rows { get; }

    /// <summary>What is wrong, every error with its row and column.</summary>
    public Problem? Problem { get; }
}

/// <summary>Names that were derived from a display name.</summary>
public sealed class DerivedNames
{
    internal DerivedNames(JsonValue json)
    {
        MailNickname = json["mailNickname"]?.AsString() ?? "";
        UserPrincipalName = json["userPrincipalName"]?.AsString();
    }

    /// <summary>The mail alias.</summary>
    public string MailNickname { get; }

    /// <summary>The sign-in name, when a domain was given.</summary>
    public string? UserPrincipalName { get; }
}
