using System;
using System.Collections.Generic;
using System.Linq;

namespace AgentUsers;

/// <summary>Checks Microsoft's rules for agent users without a server.</summary>
public static unsafe class AgentUserRules
{
    /// <summary>Checks a desired agent user.</summary>
    /// <param name="row">The desired agent user.</param>
    /// <param name="domain">The domain of a user principal name that is derived because the row has none.</param>
    /// <param name="verifiedDomains">The tenant's verified domains; null skips their check.</param>
    /// <returns>All violations, or the body of the create request.</returns>
    public static AgentUserValidation Validate(AgentUserRow row, string? domain = null, IEnumerable<string>? verifiedDomains = null) =>
        new(NativeCalls.Ask(NativeFunctions.Instance.Validate, JsonValue.ObjectOf(
            ("agentUser", row.ToJson()),
            ("domain", OperationJson.Optional(domain)),
            ("verifiedDomains", Optional(verifiedDomains)))));

    /// <summary>Checks one member.</summary>
    /// <param name="member">Graph's property name; also <c>manager</c>, <c>sponsors</c>, <c>groups</c> and <c>licenses</c> of a row.</param>
    /// <param name="value">The value: null, text, a flag, a number, an id, a moment, or a list or dictionary of such values.</param>
    /// <param name="verifiedDomains">The tenant's verified domains; null skips their check.</param>
    /// <returns>All violations; empty if the value is valid.</returns>
    /// <exception cref="AgentUserException">There is no such member.</exception>
    public static IReadOnlyList<Violation> ValidateMember(string member, object? value, IEnumerable<string>? verifiedDomains = null) =>
        Violation.ListFrom(NativeCalls.Ask(NativeFunctions.Instance.ValidateMember, JsonValue.ObjectOf(
            ("member", member),
            ("value", PlainValues.ToJson(value)),
            ("verifiedDomains", Optional(verifiedDomains)))));

    /// <summary>Checks a roster.</summary>
    /// <param name="rows">The desired agent users; errors number them from 1.</param>
    /// <param name="domain">The domain of user principal names that are derived for rows that have none.</param>
    /// <param name="verifiedDomains">The tenant's verified domains; null skips their check.</param>
    /// <returns>The number of rows, and the problem if there is one.</returns>
    public static RosterValidation ValidateRows(IEnumerable<AgentUserRow> rows, string? domain = null, IEnumerable<string>? verifiedDomains = null)
    {
        if (rows is null)
            throw new ArgumentNullException(nameof(rows));
        return ValidateRoster(JsonWriter.ToUtf8(JsonValue.Array(rows.Select(row => row.ToJson())).ToString()), domain, verifiedDomains);
    }

    /// <summary>Checks a roster.</summary>
    /// <param name="roster">The content of the file, CSV or JSON.</param>
    /// <param name="domain">The domain of user principal names that are derived for rows that have none.</param>
    /// <param name="verifiedDomains">The tenant's verified domains; null skips their check.</param>
    /// <param name="maxBytes">The most bytes that the roster may have; 64 MiB by default.</param>
    /// <param name="maxRows">The most rows that the roster may have; 200,000 by default.</param>
    /// <param name="maxErrors">The most errors that are listed; 1,000 by default. More are counted by rule and field.</param>
    /// <returns>The number of rows, and the problem if there is one.</returns>
    public static RosterValidation ValidateRoster(
        byte[] roster, string? domain = null, IEnumerable<string>? verifiedDomains = null, int? maxBytes = null, int? maxRows = null, int? maxErrors = null)
    {
        if (roster is null)
            throw new ArgumentNullException(nameof(roster));
        JsonValue question = JsonValue.ObjectOf(
            ("domain", OperationJson.Optional(domain)),
            ("verifiedDomains", Optional(verifiedDomains)),
            ("maxBytes", OperationJson.Optional(maxBytes)),
            ("maxRows", OperationJson.Optional(maxRows)),
            ("maxErrors", OperationJson.Optional(maxErrors)));
        return new RosterValidation(NativeCalls.Ask(NativeFunctions.Instance.ValidateRoster, question, roster));
    }

    /// <summary>Derives names from a display name.</summary>
    /// <param name="displayName">The display name.</param>
    /// <param name="domain">The domain of the user principal name; null derives only the mail nickname.</param>
    /// <param name="alternative">The number of the choice: 1 is the plain name, 2 ends with 2, and so on.</param>
    /// <returns>The names.</returns>
    /// <exception cref="AgentUserException">The display name has no character to derive a name from.</exception>
    public static DerivedNames Derive(string displayName, string? domain = null, int? alternative = null) =>
        new(NativeCalls.Ask(NativeFunctions.Instance.Derive, JsonValue.ObjectOf(
            ("displayName", displayName),
            ("domain", OperationJson.Optional(domain)),
            ("alternative", alternative is { } number ? number : null))));

    /// <summary>Explains Graph's error answer.</summary>
    /// <param name="call">The call, such as <c>createAgentUser</c>.</param>
    /// <param name="status">The HTTP status of the answer.</param>
    /// <param name="body">The body of the answer.</param>
    /// <param name="headers">The headers of the answer.</param>
    /// <returns>The problem, with its likely cause and the fix.</returns>
    /// <exception cref="AgentUserException">There is no such call.</exception>
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

    /// <summary>Tells what a code means, without a server.</summary>
    /// <param name="code">The code of a problem, a violation or a remark; or one of Microsoft's, such as <c>AADSTS7000215</c>.</param>
    /// <returns>Its meaning, with the usual cause and fix.</returns>
    /// <exception cref="AgentUserException">There is no such code.</exception>
    public static CodeExplanation ExplainCode(string code) =>
        new(JsonOf(SignIn.Given(code, nameof(code))));

    /// <summary>The meaning of a code, as the native library tells it.</summary>
    internal static JsonValue JsonOf(string code) => NativeCalls.Ask(NativeFunctions.Instance.ExplainCode, JsonValue.ObjectOf(("code", code)));

    /// <summary>Makes the address of the page on which an admin consents to a blueprint's permissions, in the global cloud.</summary>
    /// <param name="tenantId">The tenant: a GUID or a domain.</param>
    /// <param name="clientId">The blueprint's application (client) id.</param>
    /// <param name="scopes">The names of delegated permissions, such as <c>User.Read</c>.</param>
    /// <param name="appRoles">The names of app roles, such as <c>AgentIdUser.ReadWrite.IdentityParentedBy</c>.</param>
    /// <param name="redirectUri">Where Entra sends the admin afterwards, registered on the blueprint; null for Microsoft's own page.</param>
    /// <param name="state">A text that comes back with the admin.</param>
    /// <param name="loginEndpoint">The sign-in endpoint of another cloud.</param>
    /// <returns>The address, for an admin's browser.</returns>
    /// <exception cref="AgentUserException">A rule is broken; the problem names all that are.</exception>
    public static Uri ConsentUrl(
        string tenantId,
        Guid clientId,
        IEnumerable<string>? scopes = null,
        IEnumerable<string>? appRoles = null,
        Uri? redirectUri = null,
        string? state = null,
        Uri? loginEndpoint = null)
    {
        JsonValue answer = NativeCalls.Ask(NativeFunctions.Instance.ConsentUrl, JsonValue.ObjectOf(
            ("tenantId", tenantId ?? throw new ArgumentNullException(nameof(tenantId))),
            ("clientId", clientId.ToString()),
            ("scopes", Optional(scopes)),
            ("appRoles", Optional(appRoles)),
            ("redirectUri", redirectUri is null ? null : redirectUri.OriginalString),
            ("state", state is null ? null : state),
            ("loginEndpoint", loginEndpoint is null ? null : loginEndpoint.OriginalString)));
        return new Uri(answer["url"]?.AsString() ?? "");
    }

    /// <summary>
    /// Makes Conditional Access policies for agent users, report-only, for an admin to look at and send. Nothing here sends them.
    /// </summary>
    /// <param name="excludeUsers">The object ids of agent users that the policies leave out.</param>
    /// <returns>The policies.</returns>
    public static IReadOnlyList<AccessPolicy> AccessPolicies(IEnumerable<Guid>? excludeUsers = null)
    {
        JsonValue answer = NativeCalls.Ask(NativeFunctions.Instance.AccessPolicies, JsonValue.ObjectOf(
            ("excludeUsers", Optional(excludeUsers?.Select(id => id.ToString())))));
        return [.. (answer["policies"]?.Items ?? []).Select(one => new AccessPolicy(one))];
    }

    private static JsonValue? Optional(IEnumerable<string>? texts) => texts is null ? null : JsonValue.Array(texts);
}

/// <summary>The result of checking a desired agent user.</summary>
public sealed class AgentUserValidation
{
    internal AgentUserValidation(JsonValue json)
    {
        Violations = Violation.ListFrom(json);
        AgentUser = json["agentUser"] is { } body ? PlainValues.From(body.Members) : null;
    }

    /// <summary>Whether no rule is broken.</summary>
    public bool IsValid => Violations.Count == 0;

    /// <summary>All violations.</summary>
    public IReadOnlyList<Violation> Violations { get; }

    /// <summary>The body of the create request, by Graph's names; null if a rule is broken.</summary>
    public IReadOnlyDictionary<string, object?>? AgentUser { get; }
}

/// <summary>The result of checking a roster.</summary>
public sealed class RosterValidation
{
    internal RosterValidation(JsonValue json)
    {
        Rows = (int?)json["rows"]?.AsInt64() ?? 0;
        Problem = json["problem"] is { } problem ? Problem.From(problem) : null;
        Remarks = [.. (json["remarks"]?.Items ?? []).Select(Remark.From)];
    }

    /// <summary>Remarks on the file, such as how the file was read.</summary>
    public IReadOnlyList<Remark> Remarks { get; }

    /// <summary>Whether the roster can be applied.</summary>
    public bool IsValid => Problem is null;

    /// <summary>The number of agent users it declares.</summary>
    public int Rows { get; }

    /// <summary>The problem, with all errors by row and field; null if there is none.</summary>
    public Problem? Problem { get; }
}

/// <summary>Names derived from a display name.</summary>
public sealed class DerivedNames
{
    internal DerivedNames(JsonValue json)
    {
        MailNickname = json["mailNickname"]?.AsString() ?? "";
        UserPrincipalName = json["userPrincipalName"]?.AsString();
    }

    /// <summary>The mail nickname.</summary>
    public string MailNickname { get; }

    /// <summary>The sign-in name; null if no domain was given.</summary>
    public string? UserPrincipalName { get; }
}
