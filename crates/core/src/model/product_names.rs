//! Product names of the SKUs that agent users get (docs/graph.md#product-names).

/// Part numbers with Microsoft's product name. A tenant's own names are part numbers: Graph has no product names.
const NAMES: &[(&str, &str)] = &[
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

/// Microsoft's name of the product with this part number.
#[must_use]
pub fn product_name(part_number: &str) -> Option<&'static str> {
    let found = NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(part_number));
    found.map(|(_, name)| *name)
}
