using System;

namespace AgentUsers.PowerShell;

/// <summary>
/// A license that an agent user has. It is equal to the id and to the part number of its SKU, so that -contains and -eq take both.
/// </summary>
public sealed class PSAssignedLicense : IEquatable<PSAssignedLicense>
{
    /// <summary>Makes a license of no SKU, for scripts and their tests.</summary>
    public PSAssignedLicense()
    {
    }

    /// <summary>Makes a license of the SKU with this id or part number.</summary>
    /// <param name="sku">The id or part number.</param>
    public PSAssignedLicense(string sku)
    {
        if (Guid.TryParse(sku, out Guid id))
            SkuId = id;
        else
            SkuPartNumber = sku;
    }

    internal PSAssignedLicense(Guid id)
    {
        SkuId = id;
        SkuPartNumber = SkuNames.Of(id);
    }

    /// <summary>The id of the SKU.</summary>
    public Guid? SkuId { get; set; }

    /// <summary>
    /// The part number of the SKU, such as <c>AGENT_365</c>; null until this process has read the SKUs of the tenant: by
    /// Get-AgentUserSku, for completion, or after a license was assigned by its name.
    /// </summary>
    public string? SkuPartNumber { get; set; }

    /// <summary>Whether both are of the same SKU.</summary>
    /// <param name="other">The other.</param>
    /// <returns>Whether the ids, or else the part numbers, are the same.</returns>
    public bool Equals(PSAssignedLicense? other) => other is not null && (SkuId is { } id && other.SkuId is { } others
        ? id == others
        : SkuPartNumber is not null && string.Equals(SkuPartNumber, other.SkuPartNumber, StringComparison.OrdinalIgnoreCase));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj switch
    {
        PSAssignedLicense other => Equals(other),
        Guid id => id == SkuId,
        string text => Equals(new PSAssignedLicense(text)),
        _ => false,
    };

    /// <summary>Of nothing, because an id and a part number may be equal.</summary>
    /// <returns>Zero.</returns>
    public override int GetHashCode() => 0;

    /// <summary>The part number; the id where it is not known.</summary>
    /// <returns>One word.</returns>
    public override string ToString() => SkuPartNumber ?? SkuId?.ToString() ?? "";
}
