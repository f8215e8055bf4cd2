using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Completes from the tenant of the connection; without one, from what is known offline.</summary>
public abstract class TenantCompleter : ValueCompleter
{
    /// <summary>The values of the tenant that the connection of the command knows; null without an open connection.</summary>
    private protected static TenantValues? Tenant(IDictionary bound)
    {
        object? given = bound["Connection"] is PSObject wrapped ? wrapped.BaseObject : bound["Connection"];
        AgentUserConnection? connection = given is string name
            ? RunspaceState.Current.Find(name)
            : given as AgentUserConnection ?? RunspaceState.Current.Connection;
        return connection is { IsClosed: false } ? connection.Values : null;
    }
}

/// <summary>Completes agent users by their user principal names; beside -Permanent those in the recycle bin.</summary>
public class AgentUserCompleter : TenantCompleter
{
    private protected override IEnumerable<Value> Offer(string typed, IDictionary bound) =>
        Offer(bound.Contains("Permanent") ? Tenant(bound)?.Deleted(typed) : Tenant(bound)?.Users(typed));

    private protected static IEnumerable<Value> Offer(IEnumerable<AgentUser>? users) =>
        users?.Select(user => new Value(user.UserPrincipalName!, user.DisplayName)) ?? [];
}

/// <summary>Completes agent users in the recycle bin by their user principal names.</summary>
public sealed class DeletedAgentUserCompleter : AgentUserCompleter
{
    private protected override IEnumerable<Value> Offer(string typed, IDictionary bound) => Offer(Tenant(bound)?.Deleted(typed));
}

/// <summary>Completes agent identities: their ids, by the start of their display names.</summary>
public sealed class AgentIdentityCompleter : TenantCompleter
{
    private protected override IEnumerable<Value> Offer(string typed, IDictionary bound) =>
        Tenant(bound)?.Identities(typed).Select(identity => Value.ById(identity.ObjectId.ToString()!, identity.DisplayName)) ?? [];
}

/// <summary>Completes the display names of agent identities.</summary>
public sealed class AgentIdentityNameCompleter : TenantCompleter
{
    private protected override IEnumerable<Value> Offer(string typed, IDictionary bound) =>
        Tenant(bound)?.Identities(typed).Select(identity => new Value(identity.DisplayName!, identity.ObjectId.ToString())) ?? [];
}

/// <summary>Completes blueprints: their application ids, by the start of their display names.</summary>
public sealed class BlueprintCompleter : TenantCompleter
{
    private protected override IEnumerable<Value> Offer(string typed, IDictionary bound) =>
        Tenant(bound)?.Blueprints(typed).Select(blueprint => Value.ById(blueprint.AppId.ToString()!, blueprint.DisplayName)) ?? [];
}

/// <summary>Completes the display names of blueprints.</summary>
public sealed class BlueprintNameCompleter : TenantCompleter
{
    private protected override IEnumerable<Value> Offer(string typed, IDictionary bound) =>
        Tenant(bound)?.Blueprints(typed).Select(blueprint => new Value(blueprint.DisplayName!, blueprint.AppId.ToString())) ?? [];
}

/// <summary>Completes the tenant's verified domains.</summary>
public sealed class DomainCompleter : TenantCompleter
{
    private protected override IEnumerable<Value> Offer(string typed, IDictionary bound) =>
        Tenant(bound)?.Domains().Where(domain => Begins(domain, typed)).Select(domain => new Value(domain)) ?? [];
}

/// <summary>Completes SKUs by part number: those of the tenant, and without a connection those whose product names are known.</summary>
public class SkuCompleter : TenantCompleter
{
    /// <summary>The names of crates/core/src/model/product_names.rs.</summary>
    internal static readonly (string PartNumber, string Product)[] Products =
    [
        ("AGENT_365", "Agent 365"),
        ("MICROSOFT_365_E7", "Microsoft 365 E7"),
        ("SPE_E3", "Microsoft 365 E3"),
        ("SPE_E5", "Microsoft 365 E5"),
        ("SPE_F1", "Microsoft 365 F3"),
        ("SPB", "Microsoft 365 Business Premium"),
        ("O365_BUSINESS_ESSENTIALS", "Microsoft 365 Business Basic"),
        ("ENTERPRISEPACK", "Office 365 E3"),
        ("ENTERPRISEPREMIUM", "Office 365 E5"),
        ("DESKLESSPACK", "Office 365 F3"),
        ("EXCHANGESTANDARD", "Exchange Online (Plan 1)"),
        ("EXCHANGEENTERPRISE", "Exchange Online (Plan 2)"),
        ("Microsoft_365_Copilot", "Copilot for Microsoft 365"),
    ];

    private protected override IEnumerable<Value> Offer(string typed, IDictionary bound)
    {
        IReadOnlyList<SubscribedSku> skus = Tenant(bound)?.Skus() ?? [];
        Value[] own = [.. skus.Where(sku => sku.SkuPartNumber is not null).Select(sku => new Value(sku.SkuPartNumber!, Tip(sku)))];
        IEnumerable<Value> values = own.Length > 0 ? own : Products.Select(known => new Value(known.PartNumber, known.Product));
        return values.Where(value => Begins(value.Text, typed) || Begins(Product(value.Text), typed));
    }

    private static string Tip(SubscribedSku sku)
    {
        string seats = $"{(sku.EnabledUnits ?? 0) - (sku.ConsumedUnits ?? 0)} of {sku.EnabledUnits ?? 0} seats free";
        return Product(sku.SkuPartNumber!) is { } product ? $"{product}, {seats}" : seats;
    }

    private static string? Product(string partNumber) =>
        Products.FirstOrDefault(known => string.Equals(known.PartNumber, partNumber, System.StringComparison.OrdinalIgnoreCase)).Product;
}

/// <summary>Completes the licenses that the agent users of the command have; where it names none, as of a pipeline, all SKUs.</summary>
public sealed class AssignedSkuCompleter : SkuCompleter
{
    private protected override IEnumerable<Value> Offer(string typed, IDictionary bound)
    {
        string[] users = [.. Texts(bound, "Id")];
        if (users.Length == 0 || Tenant(bound) is not { } tenant)
            return base.Offer(typed, bound);
        return users.SelectMany(tenant.Licenses).Where(license => Begins(license.SkuPartNumber, typed) || Begins(license.ProductName, typed))
            .GroupBy(license => license.SkuPartNumber!).Select(license => new Value(license.Key, license.First().ProductName));
    }
}

/// <summary>Completes the service plans of the SKUs that the command names; of all SKUs of the tenant where it names none.</summary>
public sealed class ServicePlanCompleter : TenantCompleter
{
    private protected override IEnumerable<Value> Offer(string typed, IDictionary bound)
    {
        IReadOnlyList<SubscribedSku> skus = Tenant(bound)?.Skus() ?? [];
        string[] named = [.. Texts(bound, "Add", "Sku", "Licenses", "License")];
        IEnumerable<SubscribedSku> wanted = skus.Where(sku => named.Any(
            name => Begins(sku.SkuPartNumber, name) && name.Length == sku.SkuPartNumber!.Length || name == sku.SkuId.ToString()));
        return (wanted.Any() ? wanted : skus)
            .SelectMany(sku => sku.ServicePlans.Select(plan => (Plan: plan.ServicePlanName, Sku: sku.SkuPartNumber)))
            .Where(one => Begins(one.Plan, typed))
            .GroupBy(one => one.Plan!, one => one.Sku)
            .Select(plan => new Value(plan.Key, "of " + string.Join(", ", plan)));
    }
}
