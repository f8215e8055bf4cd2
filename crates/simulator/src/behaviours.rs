//! Labels: on whose word the simulator does what it does.
//!
//! Each route and each switch has one. docs/simulator.md is generated from them.

use agentuser_core::http::Method;

/// The source of a behaviour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    /// A page of Microsoft says so: its path below `https://learn.microsoft.com/graph/`, its whole address, or an anchor of
    /// docs/graph.md.
    Documented(&'static str),
    /// An answer of Graph, or code of Microsoft that works against Graph, shows it; no page says so.
    Observed(&'static str),
    /// An assumption, without a source.
    Assumed,
}

impl Label {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Documented(_) => "Documented",
            Self::Observed(_) => "Observed",
            Self::Assumed => "Assumed",
        }
    }

    /// The page or the sighting.
    #[must_use]
    pub const fn source(self) -> Option<&'static str> {
        match self {
            Self::Documented(source) | Self::Observed(source) => Some(source),
            Self::Assumed => None,
        }
    }
}

/// The requests that are answered: method, path with names in place of ids, label.
pub fn requests() -> impl Iterator<Item = (Method, &'static str, Label)> {
    crate::directory::route::endpoints()
}

/// A reading of Microsoft's documents that may be another: a field of [`crate::Switches`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// The field.
    pub name: &'static str,
    /// The default.
    pub default: &'static str,
    /// The other readings.
    pub others: &'static str,
    /// The source of the default.
    pub label: Label,
}

const fn reading(name: &'static str, default: &'static str, others: &'static str, label: Label) -> Reading {
    Reading { name, default, others, label }
}

/// Every switch.
pub const READINGS: &[Reading] = &[
    reading(
        "upn_conflict",
        "A taken name is refused with 400",
        "409",
        Label::Observed("docs/graph.md#error-codes"),
    ),
    reading(
        "upn_conflict_first",
        "A create that breaks two rules names the parent",
        "It names the user principal name",
        Label::Assumed,
    ),
    reading(
        "unique_mail_nickname",
        "A mail nickname must be unique",
        "It need not",
        Label::Documented("docs/graph.md#names"),
    ),
    reading(
        "patch",
        "The PATCH of an agent user answers 200 and the user",
        "204",
        Label::Documented("api/agentuser-update"),
    ),
    reading(
        "cascade",
        "An agent user stays when its agent identity is deleted",
        "It is soft-deleted some time later",
        Label::Documented("docs/graph.md#delete-and-cascade"),
    ),
    reading(
        "deleted_holds_parent",
        "A deleted agent user leaves its parent free",
        "It holds it",
        Label::Assumed,
    ),
    reading("deleted_holds_upn", "A deleted user leaves its name free", "It holds it", Label::Assumed),
    reading(
        "bin_prefixes_upn",
        "The name of a deleted user begins with its object id",
        "It is as it was",
        Label::Observed("docs/graph.md#recycle-bin"),
    ),
    reading(
        "parent_id_by_default",
        "Without the cast, `identityParentId` is shown to `$select` alone",
        "It is in the default set",
        Label::Assumed,
    ),
    reading(
        "cast_omits_type",
        "A read through a cast names the type",
        "It leaves the type out",
        Label::Documented("docs/graph.md#verifying-a-parent"),
    ),
    reading(
        "sponsors_only_ids",
        "Sponsors come with their members",
        "With their ids alone",
        Label::Documented("docs/graph.md#known-issues"),
    ),
    reading("manager_unset", "`GET manager` without a manager is 404", "204; 200 with null", Label::Assumed),
    reading(
        "permanent_delete_refused_to_apps",
        "An application may delete users for good",
        "It is refused",
        Label::Documented("docs/graph.md#operations"),
    ),
    reading(
        "parent_missing",
        "A create under an unknown parent is 400 \"Agent user IdentityParent does not exist\"",
        "400 \"Object with id … not found\"; 404",
        Label::Observed("docs/graph.md#error-codes"),
    ),
    reading(
        "inner_error",
        "The inner error is spelled `innerError`",
        "`innererror`",
        Label::Observed("docs/graph.md#error-envelope"),
    ),
    reading(
        "uniqueness_lags",
        "Checks for free names and parents see each change at once",
        "They see what has replicated",
        Label::Assumed,
    ),
    reading(
        "graph_create_without_mailbox",
        "An agent user made through Graph gets a mailbox",
        "It never gets one",
        Label::Observed("docs/graph.md#licenses-and-readiness"),
    ),
    reading("mail_at_create", "A new user has no `mail`", "It has, from the start", Label::Assumed),
    reading(
        "usage_location_fails_for",
        "`PATCH usageLocation` works at once",
        "It fails for a while after the create",
        Label::Assumed,
    ),
    reading("assign_again", "Assigning a license again changes nothing", "400", Label::Assumed),
    reading(
        "early_write",
        "A write to a user that has not replicated works",
        "404; 400 \"Object with id … not found\"",
        Label::Documented("docs/graph.md#known-issues"),
    ),
    reading(
        "empty_pages",
        "Pages hold what there is",
        "A page may be empty and have a next link",
        Label::Documented("docs/graph.md#lists"),
    ),
    reading(
        "large_top",
        "A `$top` above the maximum is 400",
        "The page has the maximum size",
        Label::Documented("docs/graph.md#lists"),
    ),
    reading(
        "parent_id_in_patch",
        "Another `identityParentId` in a PATCH is 400",
        "It is ignored",
        Label::Assumed,
    ),
    reading("password_profile", "`passwordProfile` of an agent user is 400", "It is ignored", Label::Assumed),
    reading(
        "licenses_in_patch",
        "`assignedLicenses` in a PATCH is ignored",
        "400",
        Label::Documented("api/agentuser-update"),
    ),
    reading(
        "undeclared_members",
        "A member that neither the metadata nor a registered extension declares is 400",
        "It is kept",
        Label::Assumed,
    ),
    reading(
        "leave_date_without_permission",
        "`$select=employeeLeaveDateTime` without its permission is 403",
        "Null",
        Label::Documented("api/resources/user"),
    ),
    reading(
        "created_filter_is_advanced",
        "A filter on `createdDateTime` of users works by default",
        "It needs the advanced parameters",
        Label::Documented("aad-advanced-queries"),
    ),
    reading(
        "directory_read_write_voids_agent_permissions",
        "`Directory.ReadWrite.All` beside Agent ID permissions leaves them as they are",
        "It makes them void",
        Label::Assumed,
    ),
    reading(
        "user_fic_refresh_token",
        "The grant `user_fic` gives a refresh token to who asks for `offline_access`",
        "It gives none",
        Label::Assumed,
    ),
    reading(
        "certificate_chain_needed",
        "An exchange token is given to an assertion without `x5c`",
        "It needs `x5c`",
        Label::Documented("https://learn.microsoft.com/entra/identity-platform/certificate-credentials"),
    ),
    reading(
        "consent_url_for_identities",
        "The address of admin consent takes an agent identity",
        "It is refused with AADSTS82014",
        Label::Documented(
            "https://learn.microsoft.com/entra/agent-id/interactive-agent-authentication-authorization-flow",
        ),
    ),
    reading(
        "report_before_run",
        "The subjects of a lifecycle policy that was never run are 404",
        "There are none",
        Label::Assumed,
    ),
    reading(
        "mail_group_members",
        "The members of a mail-enabled group that is not a Microsoft 365 group are refused with 400",
        "403",
        Label::Observed("docs/graph.md#group-members"),
    ),
    reading("what_if_of_agents", "What-If evaluates the sign-in of an agent user", "400", Label::Assumed),
    reading(
        "dynamic_groups_take_agents",
        "Adding an agent user to a dynamic group is refused",
        "It works",
        Label::Documented("docs/graph.md#group-members"),
    ),
    reading(
        "foreign_assertion",
        "An exchange token of another tenant is refused with AADSTS700211",
        "AADSTS700016",
        Label::Assumed,
    ),
    reading(
        "repeated_assertion",
        "A client assertion may be sent more than once",
        "The second one is refused",
        Label::Observed("https://github.com/AzureAD/microsoft-authentication-library-for-python"),
    ),
    reading(
        "sponsor_of_refused_to_apps",
        "The objects that a user sponsors are shown to people alone",
        "They are shown to applications, too, as the permission map says",
        Label::Documented("api/user-list-sponsorof"),
    ),
    reading(
        "disabled_principal_stops_users",
        "A disabled principal of a blueprint stops the tokens of its agent identities and agent users",
        "Its agent identities and agent users get tokens as before",
        Label::Assumed,
    ),
    reading(
        "clock_ahead_ms",
        "The server's clock is the client's",
        "It is five minutes ahead or behind",
        Label::Assumed,
    ),
];

/// A behaviour that many requests share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// The part of a request or answer.
    pub about: &'static str,
    /// The behaviour, as a sentence without a full stop.
    pub what: &'static str,
    /// Its source.
    pub label: Label,
}

const fn rule(about: &'static str, what: &'static str, label: Label) -> Rule {
    Rule { about, what, label }
}

/// Behaviours that many requests share.
pub const RULES: &[Rule] = &[
    rule(
        "Paths",
        "A segment that v1.0 does not have is 400 \"Resource not found for the segment\"; what Graph has and the simulator lacks is 501 `NotSimulated`",
        Label::Observed("docs/graph.md#spellings"),
    ),
    rule(
        "Paths",
        "Any path below `/me` is refused to an application with 400",
        Label::Observed("docs/graph.md#error-codes"),
    ),
    rule(
        "Paths",
        "In beta a method that the simulator does not know is 501, in v1.0 405 where Graph does not have it",
        Label::Assumed,
    ),
    rule(
        "Query options",
        "In beta the `$` is optional; in v1.0 an option without it is 501",
        Label::Documented("query-parameters"),
    ),
    rule(
        "Query options",
        "One that is there twice, and a name in `$select` that can't be one, are 400 `BadRequest`",
        Label::Assumed,
    ),
    rule(
        "`$filter`",
        "Properties and operators of the table in crates/simulator/src/directory/query/filterable.tsv, by default or with the advanced parameters",
        Label::Documented("aad-advanced-queries"),
    ),
    rule(
        "`$filter`",
        "A property that needs the advanced parameters without them, in the words of the page",
        Label::Documented("aad-advanced-queries"),
    ),
    rule("`$filter`", "`all` is refused", Label::Documented("filter-query-parameter")),
    rule(
        "`$filter`",
        "Null is neither true nor false: an object whose expression is null is left out",
        Label::Documented("filter-query-parameter"),
    ),
    rule("`$filter`", "Text compares without regard to letter case", Label::Assumed),
    rule("`$filter`", "`gt` and `lt` go where `ge` and `le` go", Label::Assumed),
    rule("`$filter`", "`isof` works by default", Label::Assumed),
    rule(
        "`$filter`",
        "More than 15 clauses joined by `or`, or values of `in`, are 400 without the advanced parameters",
        Label::Observed("docs/graph.md#lists"),
    ),
    rule("`$filter`", "A value of another type is 400 `BadRequest`", Label::Assumed),
    rule(
        "`$search`",
        "Words of `displayName` and `description`, the beginning of any other text; AND, OR and parentheses",
        Label::Documented("search-query-parameter"),
    ),
    rule(
        "`$search`",
        "Without `ConsistencyLevel: eventual` it is 400, in the words of the page",
        Label::Documented("aad-advanced-queries"),
    ),
    rule(
        "`$orderby`",
        "Properties of the page's second table; with `$filter` the advanced parameters",
        Label::Documented("aad-advanced-queries"),
    ),
    rule(
        "`$orderby`",
        "A property that can't be sorted by is 400, in one of three texts",
        Label::Observed("docs/graph.md#lists"),
    ),
    rule(
        "`$count`",
        "`$count=true` without its header is ignored; `/$count` without it is 400 \"$count is not currently supported.\"",
        Label::Documented("aad-advanced-queries"),
    ),
    rule(
        "Related objects",
        "Members, owners, sponsors, `memberOf` and their kin are counted, narrowed by a cast, and with a cast filtered, searched and sorted by the advanced query parameters; without these it is 501",
        Label::Documented("api/group-list-memberof"),
    ),
    rule("`$expand`", "`manager` with `$levels` and `$select`", Label::Documented("api/user-list-manager")),
    rule(
        "`$expand`",
        "A relationship to several objects shows 20 of them at most, and no next link",
        Label::Documented("query-parameters"),
    ),
    rule("`$expand`", "It goes together with `$count=true`", Label::Documented("api/user-list-manager")),
    rule("`$select`", "A name that no type declares is left out: the types are open", Label::Assumed),
    rule(
        "`$select`",
        "`signInActivity` needs AuditLog.Read.All, `customSecurityAttributes` its own permission; the former is null except for those whom the tenant lets have signed in",
        Label::Documented("api/resources/user"),
    ),
    rule(
        "Bodies",
        "`employeeLeaveDateTime` and `customSecurityAttributes` need permissions of their own",
        Label::Documented("api/agentuser-update"),
    ),
    rule("Bodies", "`employeeOrgData` is written as a whole", Label::Documented("api/agentuser-update")),
    rule(
        "Bodies",
        "Extension properties that were registered (`extensions`) can be created and changed, and cleared by null; a value of another type is 400",
        Label::Documented("extensibility-overview"),
    ),
    rule(
        "Bodies",
        "Custom security attributes (`attributeSets`) are assigned one by one, and taken away by null or no values; sets, whole numbers and collections need their `@odata.type`",
        Label::Documented("custom-security-attributes-examples"),
    ),
    rule(
        "Bodies",
        "Custom security attributes without their `@odata.type`, or that no set defines, are 400",
        Label::Assumed,
    ),
    rule(
        "`$filter`",
        "Extension properties and custom security attributes are 501",
        Label::Documented("extensibility-overview"),
    ),
    rule(
        "Bodies",
        "Members of the service are 400 \"Property … is read-only and cannot be set.\"",
        Label::Assumed,
    ),
    rule("Bodies", "A value of another type than the metadata's is 400", Label::Assumed),
    rule(
        "Deltas",
        "Tombstones, `return=minimal`, `$deltatoken=latest`, up to 50 ids, `manager@delta`",
        Label::Documented("api/user-delta"),
    ),
    rule("Deltas", "The write master is asked, and a page holds 100", Label::Assumed),
    rule(
        "`assignLicense`",
        "The answer has `assignedLicenses` and `assignedPlans` besides the default set",
        Label::Documented("api/user-assignlicense"),
    ),
    rule(
        "`$select`",
        "A read through the cast shows `identityParentId` by default",
        Label::Observed("docs/graph.md#spellings"),
    ),
    rule("Bodies", "Members are taken in any letter case", Label::Documented("traverse-the-graph")),
    rule(
        "Blueprints",
        "A new one's object id is its appId, which Entra PowerShell takes the one for the other",
        Label::Observed("docs/graph.md#spellings"),
    ),
    rule(
        "Blueprints",
        "Deleting one deletes its principal, agent identities and agent users where the cascade is switched on",
        Label::Documented("docs/graph.md#delete-and-cascade"),
    ),
    rule(
        "Blueprints",
        "A secret signs in at the token endpoint, with the app roles of Graph that the principal has",
        Label::Documented("api/agentidentityblueprint-addpassword"),
    ),
    rule(
        "Blueprints",
        "A certificate in `keyCredentials` signs in; its content is shown only to a read of one object that selects it",
        Label::Documented("api/resources/keycredential"),
    ),
    rule(
        "Sign-in",
        "A blueprint gets the exchange token of its agent identity by `fmi_path`; with it the identity gets its own token, the exchange token for `user_fic`, and tokens on behalf of people",
        Label::Documented("https://learn.microsoft.com/entra/agent-id/agent-oauth-protocols"),
    ),
    rule(
        "Sign-in",
        "`fmi_path` must name an agent identity of the blueprint that is there; the words of other answers, and that they have no number",
        Label::Assumed,
    ),
    rule(
        "Sign-in",
        "An agent identity is known by its object id and by its appId, as client and in `fmi_path`",
        Label::Assumed,
    ),
    rule(
        "Sign-in",
        "`sub` of an exchange token is the path of the identity below the blueprint",
        Label::Observed("https://github.com/AzureAD/microsoft-authentication-library-for-dotnet/pull/5110"),
    ),
    rule(
        "Sign-in",
        "Delegated grants of the client, for the user or for all, are consent, and so are those of the blueprint that it lets its identities inherit",
        Label::Documented("https://learn.microsoft.com/entra/agent-id/concept-inheritable-permissions"),
    ),
    rule(
        "Sign-in",
        "A token has all scopes that were consented to, not only those that were asked for",
        Label::Documented("https://learn.microsoft.com/entra/identity-platform/scopes-oidc"),
    ),
    rule(
        "Sign-in",
        "Assertions signed by PS256 or RS256 with `x5t#S256` or `x5t`; their times may be off by five minutes",
        Label::Documented("https://learn.microsoft.com/entra/identity-platform/certificate-credentials"),
    ),
    rule(
        "Sign-in",
        "A federated credential must match issuer, subject and audience: AADSTS700211, 700213, 700212; a managed identity is one by its object id",
        Label::Documented(
            "https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity",
        ),
    ),
    rule(
        "Sign-in",
        "Device codes live for 15 minutes; pending, declined, unknown and expired ones have errors of their own",
        Label::Documented("https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code"),
    ),
    rule(
        "Sign-in",
        "A client that looks too often hears `slow_down`",
        Label::Documented("https://www.rfc-editor.org/rfc/rfc8628"),
    ),
    rule(
        "Sign-in",
        "Codes with a proof key go to registered addresses of this machine, whose port does not matter; the page has no password",
        Label::Documented("https://learn.microsoft.com/entra/identity-platform/reply-url"),
    ),
    rule(
        "Sign-in",
        "A refresh token is answered with another one and stays good; it ends after 90 days without use, 24 hours for a page, or when sessions are revoked",
        Label::Documented("https://learn.microsoft.com/entra/identity-platform/refresh-tokens"),
    ),
    rule(
        "Sign-in",
        "Conditional Access blocks, asks for claims at the token endpoint with `interaction_required`, or at Graph with 401 and a challenge; a request that carries the claims satisfies it",
        Label::Documented("https://learn.microsoft.com/entra/identity-platform/claims-challenge"),
    ),
    rule(
        "Sign-in",
        "Graph refuses access tokens of a user whose sessions were revoked, who was disabled or deleted, at once",
        Label::Documented(
            "https://learn.microsoft.com/entra/identity-platform/app-resilience-continuous-access-evaluation",
        ),
    ),
    rule("Sign-in", "Tokens are not signed, and the list of keys is empty", Label::Assumed),
    rule(
        "Sign-in",
        "Pipelines: GitHub Actions answers `{\"value\"}`, Azure Pipelines `{\"oidcToken\"}`",
        Label::Documented("https://docs.github.com/actions/reference/security/oidc"),
    ),
    rule(
        "Sign-in",
        "Throttling is AADSTS90055 with `temporarily_unavailable` in a 429, an outage AADSTS90033 in a 503",
        Label::Assumed,
    ),
    rule(
        "Sponsors",
        "At most 100, of whom at most 5 are groups; agent users and service principals can't be sponsors of agent identities and blueprints",
        Label::Documented("api/agentidentity-post-sponsors"),
    ),
    rule(
        "Sponsors",
        "Of groups, dynamic ones and Microsoft 365 groups sponsor agent identities and blueprints, those that roles can be assigned to don't",
        Label::Documented("api/agentidentityblueprint-post-sponsors"),
    ),
    rule("Sponsors", "A group of any kind sponsors agent users", Label::Assumed),
    rule(
        "Bodies",
        "A text that takes few values, such as `ageGroup` and `visibility`, is 400 with another",
        Label::Documented("api/resources/user"),
    ),
    rule("Bodies", "A parameter that an action does not have is 400 `BadRequest`", Label::Assumed),
    rule(
        "Credentials",
        "One audience, lengths, a name for addresses, and no second credential with the same issuer and subject",
        Label::Documented("api/resources/federatedidentitycredential"),
    ),
    rule(
        "Groups",
        "A deleted Microsoft 365 group is in the recycle bin, any other is gone; members inherit licenses when they come and lose them when they go",
        Label::Documented("api/group-delete"),
    ),
    rule("Groups, applications, grants", "Every reader sees each change at once", Label::Assumed),
    rule(
        "Grants",
        "A second grant for the same three is 409 \"Permission entry already exists.\"; scopes are not checked",
        Label::Observed("https://github.com/hashicorp/terraform-provider-azuread/issues/690"),
    ),
    rule(
        "Lifecycle policies",
        "Reports are worked out when they are read; the first policy that governs an agent identity is effective; no policy disables or deletes anything by itself",
        Label::Assumed,
    ),
    rule(
        "Lifecycle policies",
        "Each rule is evaluated alone, and any that is broken makes an agent identity non-compliant",
        Label::Documented("api/resources/identitygovernance-lifecyclepolicyrule"),
    ),
    rule(
        "Microsoft Graph's principal",
        "Its app roles and scopes have the ids that a page prints; the other ids are drawn",
        Label::Assumed,
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Switches;

    #[test]
    fn every_switch_has_a_reading() {
        // The names that `Debug` prints are those of the fields.
        let printed = format!("{:#?}", Switches::default());
        let fields = printed.lines().filter_map(|line| line.strip_prefix("    ")?.split_once(": "));
        let fields: Vec<&str> = fields.map(|(name, _)| name).filter(|name| !name.starts_with(' ')).collect();
        for name in &fields {
            assert!(READINGS.iter().any(|reading| reading.name == *name), "{name} has no row in READINGS");
        }
        assert_eq!(READINGS.len(), fields.len());
    }

    #[test]
    fn labels_name_their_sources() {
        let labels = requests().map(|(_, _, label)| label);
        let labels =
            labels.chain(READINGS.iter().map(|one| one.label)).chain(RULES.iter().map(|one| one.label));
        for label in labels {
            assert!(
                label.source().is_none_or(|source| !source.is_empty() && !source.contains(' ')),
                "{label:?}"
            );
        }
    }
}
