using System;
using System.Collections.Generic;
using System.Linq;

namespace AgentUsers;

/// <summary>The JSON that starts each operation of the native library.</summary>
internal static class Operations
{
    internal static JsonValue VerifyParent(string identityParentId) =>
        Operation("verifyParent", ("identityParentId", identityParentId));

    internal static JsonValue Known() => Operation("known");

    internal static JsonValue Get(string user) => Operation("get", ("user", user));

    internal static JsonValue FindByParent(string identityParentId) =>
        Operation("findByParent", ("identityParentId", identityParentId));

    internal static JsonValue List(AgentUserListQuery? query)
    {
        query ??= new AgentUserListQuery();
        JsonValue filter = JsonValue.ObjectOf(
            ("identityParentId", query.IdentityParentId is { } parent ? parent : null),
            ("accountEnabled", query.AccountEnabled is { } enabled ? enabled : null),
            ("displayNameStartsWith", Optional(query.DisplayNameStartsWith)),
            ("userPrincipalNameStartsWith", Optional(query.UserPrincipalNameStartsWith)));
        return Operation(
            "list",
            ("filter", filter.Members.Count == 0 ? null : filter),
            ("pageSize", query.PageSize is { } size ? size : null));
    }

    internal static JsonValue ListDeleted() => Operation("listDeleted");

    internal static JsonValue Create(AgentUserRow row, ProvisionOptions? options) => Operation(
        "create",
        ("agentUser", row.ToJson()),
        ("domain", Optional(options?.Domain)),
        ("readiness", ReadinessOf(options?.Readiness ?? Readiness.None)));

    internal static JsonValue Provision(AgentUserRow row, ProvisionOptions? options) => Operation(
        "provision",
        ("agentUser", row.ToJson()),
        ("domain", Optional(options?.Domain)),
        ("readiness", ReadinessOf(options?.Readiness ?? Readiness.None)),
        ("dryRun", Flag(options?.DryRun ?? false)));

    internal static JsonValue Roster(RosterOptions? options, bool dryRun) => Operation(
        "roster",
        ("domain", Optional(options?.Domain)),
        ("checkDomains", options?.CheckDomains ?? true),
        ("readiness", ReadinessOf(options?.Readiness ?? Readiness.None)),
        ("dryRun", Flag(dryRun)),
        ("rows", options?.Rows is { } rows ? JsonValue.Array(rows.Select(row => (JsonValue)row)) : null),
        ("shard", Optional(options?.Shard)));

    internal static JsonValue Update(string user, AgentUserChanges changes, bool dryRun) =>
        Operation("update", ("user", user), ("changes", changes.ToJson()), ("dryRun", Flag(dryRun)));

    internal static JsonValue Delete(string user, bool dryRun) =>
        Operation("delete", ("user", user), ("dryRun", Flag(dryRun)));

    internal static JsonValue Restore(Guid id, bool dryRun) => Operation("restore", ("id", id), ("dryRun", Flag(dryRun)));

    internal static JsonValue Purge(Guid id, bool dryRun) => Operation("purge", ("id", id), ("dryRun", Flag(dryRun)));

    internal static JsonValue Manager(string user) => Operation("manager", ("user", user));

    internal static JsonValue SetManager(string user, string manager, bool dryRun) =>
        Operation("setManager", ("user", user), ("manager", manager), ("dryRun", Flag(dryRun)));

    internal static JsonValue ClearManager(string user, bool dryRun) =>
        Operation("clearManager", ("user", user), ("dryRun", Flag(dryRun)));

    internal static JsonValue Sponsors(string user) => Operation("sponsors", ("user", user));

    internal static JsonValue AddSponsor(string user, string sponsor, bool dryRun) =>
        Operation("addSponsor", ("user", user), ("sponsor", sponsor), ("dryRun", Flag(dryRun)));

    internal static JsonValue RemoveSponsor(string user, string sponsor, bool dryRun) =>
        Operation("removeSponsor", ("user", user), ("sponsor", sponsor), ("dryRun", Flag(dryRun)));

    internal static JsonValue Skus() => Operation("skus");

    internal static JsonValue ChangeLicenses(string user, IEnumerable<string>? add, IEnumerable<string>? remove, bool dryRun) => Operation(
        "changeLicenses",
        ("user", user),
        ("add", JsonValue.Array(add ?? [])),
        ("remove", JsonValue.Array(remove ?? [])),
        ("dryRun", Flag(dryRun)));

    internal static JsonValue WaitReady(string user, Readiness readiness) =>
        Operation("waitReady", ("user", user), ("readiness", ReadinessOf(readiness)));

    /// <summary>The text as JSON; null if there is none, so that the member is left out.</summary>
    internal static JsonValue? Optional(string? text) => text is null ? null : text;

    private static JsonValue? Flag(bool flag) => flag ? JsonValue.True : null;

    private static JsonValue? ReadinessOf(Readiness readiness) => readiness == Readiness.None
        ? null
        : JsonValue.ObjectOf(
            ("mailbox", (readiness & Readiness.Mailbox) != 0),
            ("teams", (readiness & Readiness.Teams) != 0));

    private static JsonValue Operation(string name, params (string Name, JsonValue? Value)[] members) =>
        JsonValue.ObjectOf([("operation", name), .. members]);
}
