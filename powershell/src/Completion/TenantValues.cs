using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;

namespace AgentUsers.PowerShell;

/// <summary>
/// The values of a tenant that completion knows: small answers, each kept for a while. A question that Graph does not answer in time is given up, and
/// so is one whose sign-in would ask a person.
/// </summary>
/// <param name="start">Starts an operation, without a word to anybody; null where only a cmdlet can send requests.</param>
/// <param name="meet">Meets a demand of the sign-in without a person; false where it can't.</param>
internal sealed class TenantValues(Func<JsonValue, PumpedCall?> start, Func<Demand, bool> meet)
{
    /// <summary>How many values a prefix gives: more than a menu shows.</summary>
    internal const int Page = 30;

    /// <summary>How many users or groups Graph is asked for. An answer with fewer has all of a prefix.</summary>
    private const int Choices = 100;

    /// <summary>The longest time that a key press may take.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(1500);

    /// <summary>How long agent users, agent identities and blueprints are kept, which others create meanwhile.</summary>
    private static readonly TimeSpan s_fresh = TimeSpan.FromMinutes(2);

    /// <summary>How long SKUs and domains are kept.</summary>
    private static readonly TimeSpan s_lasting = TimeSpan.FromMinutes(30);

    private readonly object _gate = new();
    private readonly Dictionary<string, Kept> _kept = [];

    /// <summary>Agent users whose user principal name begins so.</summary>
    internal IReadOnlyList<AgentUser> Users(string typed) => Begin(
        "user", typed, Page, user => [user.UserPrincipalName],
        prefix => Operations.List(prefix.Length == 0 ? null : new AgentUserListQuery { UserPrincipalNameStartsWith = prefix }.Filter(), Page), page => page.AgentUsers);

    /// <summary>Agent users in the recycle bin whose user principal name begins so: those of its first page, because Graph does not filter it.</summary>
    internal IEnumerable<AgentUser> Deleted(string typed) => Keep("deleted", s_fresh, () => Ask(Operations.ListDeleted())?.AgentUsers)
        .Where(user => user.UserPrincipalName?.StartsWith(typed, StringComparison.OrdinalIgnoreCase) == true).Take(Page);

    /// <summary>Agent identities whose display name begins so.</summary>
    internal IReadOnlyList<AgentIdentity> Identities(string typed) => Begin(
        "identity", typed, Page, identity => [identity.DisplayName],
        prefix => Operations.ListIdentities(displayNameStartsWith: prefix.Length == 0 ? null : prefix, pageSize: Page), page => page.AgentIdentities);

    /// <summary>Blueprints that have an application id, and whose display name begins so.</summary>
    internal IReadOnlyList<AgentBlueprint> Blueprints(string typed) => Begin<AgentBlueprint>(
        "blueprint", typed, Page, blueprint => [blueprint.DisplayName],
        prefix => Operations.ListBlueprints(prefix.Length == 0 ? null : prefix),
        answer => [.. answer.Result.Items.Select(blueprint => new AgentBlueprint(blueprint)).Where(blueprint => blueprint.AppId is not null)]);

    /// <summary>Users of any kind whose user principal name or display name begins so.</summary>
    internal IReadOnlyList<DirectoryObject> Accounts(string typed) => Begin<DirectoryObject>(
        "account", typed, Choices, account => [account.UserPrincipalName, account.DisplayName],
        prefix => Operations.FindUsers(prefix.Length == 0 ? null : prefix), answer => [.. answer.Result.Items.Select(account => new DirectoryObject(account))]);

    /// <summary>People whose user principal name or display name begins so.</summary>
    /// <param name="typed">The start of the name.</param>
    /// <param name="withDisabled">Whether those who can't sign in are among them. Of callers who may read basic properties alone, Graph does not tell.</param>
    internal IEnumerable<DirectoryObject> People(string typed, bool withDisabled) => Accounts(typed)
        .Where(account => account.ODataType != "#microsoft.graph.agentUser" && (withDisabled || account.AccountEnabled != false)).Take(Page);

    /// <summary>Groups whose display name begins so.</summary>
    internal IEnumerable<Group> Groups(string typed) => Begin<Group>(
        "group", typed, Choices, group => [group.DisplayName],
        prefix => Operations.FindGroups(prefix.Length == 0 ? null : prefix), answer => [.. answer.Result.Items.Select(group => new Group(group))]).Take(Page);

    /// <summary>The sponsors of an agent user.</summary>
    internal IReadOnlyList<DirectoryObject> Sponsors(string user) => Keep<DirectoryObject>(
        $"sponsors:{user}", s_fresh, () => Ask(Operations.Sponsors(user))?.Result.Items.Select(one => new DirectoryObject(one)).ToArray());

    /// <summary>The SKUs of the tenant.</summary>
    /// <param name="isGivenUp">Whether the answer is no longer waited for, as after Ctrl+C; null waits as long as for a key press.</param>
    internal IReadOnlyList<SubscribedSku> Skus(Func<bool>? isGivenUp = null) => Keep("skus", s_lasting, () =>
    {
        if (Ask(Operations.Skus(), isGivenUp) is not { } answer)
            return null;
        SubscribedSku[] skus = [.. answer.Result.Items.Select(sku => new SubscribedSku(sku))];
        foreach (SubscribedSku sku in skus)
            SkuNames.Learn(sku.SkuId, sku.SkuPartNumber);
        return skus;
    });

    /// <summary>The verified domains of the tenant.</summary>
    internal IReadOnlyList<string> Domains() => Keep("domains", s_lasting, () =>
        Ask(Operations.VerifiedDomains())?.Result["verifiedDomains"]?.Items.Select(domain => domain.AsString()).OfType<string>().ToArray());

    /// <summary>The permissions of one agent; null where they are not known.</summary>
    internal AgentPermissions? Permissions(string? agentIdentity, string? blueprint, string? user) => Keep<AgentPermissions>(
        $"permissions:{agentIdentity ?? blueprint ?? user}", s_fresh,
        () => Ask(Operations.Permissions(agentIdentity, blueprint, user)) is { } answer ? [new AgentPermissions(answer.Result)] : null).FirstOrDefault();

    /// <summary>The licenses that are assigned to an agent user, not by a group.</summary>
    internal IReadOnlyList<LicenseAssignment> Licenses(string user) => Keep<LicenseAssignment>(
        $"licenses:{user}", s_fresh, () => Ask(Operations.Licenses(user))?.Result.Items.Select(one => new LicenseAssignment(one)).Where(one => one.GroupId is null).ToArray());

    /// <summary>Forgets agent users, their sponsors, licenses and permissions, because some are being changed.</summary>
    internal void Forget()
    {
        lock (_gate)
        {
            foreach (string key in _kept.Keys.Where(IsChanging).ToArray())
                _kept.Remove(key);
        }
    }

    /// <summary>Whether what is kept under a key changes with agent users, their sponsors, licenses and permissions.</summary>
    private static bool IsChanging(string key) =>
        key == "deleted" || key.StartsWith("user:", StringComparison.Ordinal) || key.StartsWith("permissions:", StringComparison.Ordinal)
        || key.StartsWith("licenses:", StringComparison.Ordinal) || key.StartsWith("sponsors:", StringComparison.Ordinal);

    /// <summary>The values of a prefix: from a shorter one's where that gave all of them, else from Graph.</summary>
    private IReadOnlyList<T> Begin<T>(
        string kind, string typed, int most, Func<T, string?[]> names, Func<string, JsonValue> operation, Func<WaitResult, IReadOnlyList<T>> read)
    {
        string prefix = typed.ToLowerInvariant();
        for (int length = 0; length < prefix.Length; length++)
        {
            if (Find<T>($"{kind}:{prefix.Substring(0, length)}") is { } shorter && shorter.Count < most)
                return [.. shorter.Where(item => names(item).Any(name => name?.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) == true))];
        }
        return Keep($"{kind}:{prefix}", s_fresh, () => Ask(operation(prefix)) is { } answer
            ? read(answer).Where(item => !string.IsNullOrEmpty(names(item)[0])).Take(most).ToArray() : null);
    }

    private IReadOnlyList<T>? Find<T>(string key)
    {
        lock (_gate)
            return _kept.TryGetValue(key, out Kept? kept) && DateTime.UtcNow < kept.Until ? (IReadOnlyList<T>)kept.Values : null;
    }

    private IReadOnlyList<T> Keep<T>(string key, TimeSpan time, Func<IReadOnlyList<T>?> ask)
    {
        if (Find<T>(key) is { } known)
            return known;
        // A value that is not known may be known at the next key press.
        if (ask() is not { } values)
            return [];
        lock (_gate)
            _kept[key] = new Kept(values, DateTime.UtcNow + time);
        return values;
    }

    /// <summary>The first page or the result; null if there is none in time. The call is freed in any case.</summary>
    private WaitResult? Ask(JsonValue operation, Func<bool>? isGivenUp = null)
    {
        using PumpedCall? call = start(operation);
        var watch = Stopwatch.StartNew();
        while (call is not null && watch.Elapsed < s_patience && isGivenUp?.Invoke() != true)
        {
            WaitResult result = call.Wait((int)Math.Max(1, Math.Min(CallCommand.PollMilliseconds, (s_patience - watch.Elapsed).TotalMilliseconds)));
            switch (result.Kind)
            {
                case WaitKind.Page or WaitKind.Done:
                    return result;
                case WaitKind.Failed:
                    return null;
                case WaitKind.Demand when !meet(result.Demand!):
                    return null;
            }
        }
        return null;
    }

    private sealed record Kept(object Values, DateTime Until);
}
