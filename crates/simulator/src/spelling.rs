//! One spelling for each request. Graph takes many (docs/graph.md#spellings): other letter case, `//`, a slash at the end,
//! `users('id')` for `users/id`, the namespace `graph.` for `microsoft.graph.`, and functions with parentheses.

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use std::borrow::Cow;

/// Graph's own address. Every reference, scope and batch may name it, whatever the simulator's root is.
pub(crate) const GRAPH: &str = "https://graph.microsoft.com";

/// The characters of a key that are escaped in a path.
const KEY: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'%').add(b'/').add(b'<').add(b'>').add(b'?').add(b'\'');

/// A version of Graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    V1,
    Beta,
}

impl Version {
    /// The version as the first segment of a path.
    pub(crate) const fn path(self) -> &'static str {
        match self {
            Self::V1 => "/v1.0",
            Self::Beta => "/beta",
        }
    }
}

/// Segments of paths, as Graph's metadata spells them. Those that are not here are taken as they come.
const NAMES: &[&str] = &[
    "$batch",
    "$count",
    "$metadata",
    "$ref",
    "$value",
    "addKey",
    "addPassword",
    "administrativeUnits",
    "appRoleAssignedTo",
    "appRoleAssignments",
    "applications",
    "assignLicense",
    "auditLogs",
    "authentication",
    "checkMemberGroups",
    "checkMemberObjects",
    "conditionalAccess",
    "deletedItems",
    "delta",
    "directReports",
    "directory",
    "directoryAudits",
    "directoryObjects",
    "directoryRoles",
    "domains",
    "drive",
    "evaluate",
    "extensions",
    "federatedIdentityCredentials",
    "getByIds",
    "getMemberGroups",
    "getMemberObjects",
    "getSummarizedNonInteractiveSignIns",
    "groups",
    "identity",
    "identityProtection",
    "inheritablePermissions",
    "licenseDetails",
    "mailboxSettings",
    "manager",
    "me",
    "memberOf",
    "members",
    "methods",
    "oauth2PermissionGrants",
    "organization",
    "ownedObjects",
    "owners",
    "photo",
    "policies",
    "removeKey",
    "removePassword",
    "reprocessLicenseAssignment",
    "restore",
    "revokeSignInSessions",
    "riskDetections",
    "riskyAgents",
    "riskyServicePrincipals",
    "riskyUsers",
    "roleAssignmentScheduleInstances",
    "roleAssignments",
    "roleDefinitions",
    "roleEligibilityScheduleInstances",
    "roleManagement",
    "servicePrincipals",
    "signIns",
    "sponsorOf",
    "sponsors",
    "subscribedSkus",
    "transitiveMemberOf",
    "transitiveMembers",
    "users",
    "validateProperties",
];

/// Types that a path can be cast to.
const TYPES: &[&str] = &[
    "administrativeUnit",
    "agentIdentity",
    "agentIdentityBlueprint",
    "agentIdentityBlueprintPrincipal",
    "agentUser",
    "application",
    "device",
    "directoryRole",
    "endpoint",
    "group",
    "orgContact",
    "servicePrincipal",
    "user",
];

/// The query options of OData, whose names begin with `$`.
const OPTIONS: &[&str] = &[
    "apply",
    "compute",
    "count",
    "deltatoken",
    "expand",
    "filter",
    "format",
    "orderby",
    "search",
    "select",
    "skip",
    "skiptoken",
    "top",
];

/// A URL below its root.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Spelled {
    pub(crate) version: Version,
    /// The path below the version, escaped, in the one spelling.
    pub(crate) path: String,
    pub(crate) query: String,
}

/// The part of a URL below this root or Graph's own. Schemes and hosts have no letter case.
pub(crate) fn below_root<'a>(root: &str, url: &'a str) -> Option<&'a str> {
    [root, GRAPH].into_iter().find_map(|root| {
        let (head, rest) = url.split_at_checked(root.len())?;
        (head.eq_ignore_ascii_case(root) && (rest.is_empty() || rest.starts_with(['/', '?']))).then_some(rest)
    })
}

/// Reads what is below the root. None: it begins with no version of Graph.
pub(crate) fn read(below_root: &str) -> Option<Spelled> {
    let below_root = below_root.split('#').next().unwrap_or_default();
    let (path, query) = below_root.split_once('?').unwrap_or((below_root, ""));
    let path = path.trim_start_matches('/');
    let (first, path) = path.split_once('/').unwrap_or((path, ""));
    let versions = [("v1.0", Version::V1), ("beta", Version::Beta)];
    let (_, version) = versions.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(first))?;
    let query = match version {
        Version::V1 => query.to_owned(),
        Version::Beta => with_dollars(query),
    };
    Some(Spelled { version, path: spell(path), query })
}

/// Whether a query option is one of OData's without its `$`.
pub(crate) fn lacks_dollar(name: &str) -> bool {
    known(OPTIONS, name).is_some()
}

/// A query whose options have their `$`, which is optional in beta (<https://learn.microsoft.com/graph/query-parameters>).
fn with_dollars(query: &str) -> String {
    let options = query.split('&').map(|option| {
        let name = option.split('=').next().unwrap_or_default();
        if lacks_dollar(name) { format!("${option}") } else { option.to_owned() }
    });
    options.collect::<Vec<_>>().join("&")
}

/// A path below a version, in the one spelling.
pub(crate) fn spell(path: &str) -> String {
    let mut spelled = String::with_capacity(path.len() + 1);
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        push(&mut spelled, segment);
    }
    if spelled.is_empty() {
        spelled.push('/');
    }
    spelled
}

/// A segment without its escapes. None: they are not UTF-8.
pub(crate) fn decode(segment: &str) -> Option<Cow<'_, str>> {
    // Most have no escape, which is found faster than each character is looked at.
    if !segment.contains('%') {
        return Some(Cow::Borrowed(segment));
    }
    percent_decode_str(segment).decode_utf8().ok()
}

fn push(path: &mut String, segment: &str) {
    path.push('/');
    let Some(text) = decode(segment) else {
        path.push_str(segment);
        return;
    };
    if let Some(name) = name(&text) {
        path.push_str(name);
        return;
    }
    let call = text.strip_suffix(')').and_then(|text| text.split_once('('));
    if let Some((before, arguments)) = call.and_then(|(before, rest)| Some((name(before)?, rest))) {
        path.push_str(before);
        if let Some(key) = key(arguments) {
            path.push('/');
            path.extend(utf8_percent_encode(&key, KEY));
        } else if !arguments.is_empty() {
            path.push('(');
            path.push_str(arguments);
            path.push(')');
        }
        return;
    }
    // A user principal name is a key, whatever it begins with.
    match below_namespace(&text).filter(|below| !below.contains('@')) {
        Some(below) => match known(TYPES, below) {
            Some(kind) => {
                path.push_str("microsoft.graph.");
                path.push_str(kind);
            }
            None => path.push_str(known(NAMES, below).unwrap_or(segment)),
        },
        None => path.push_str(segment),
    }
}

/// A name in Graph's spelling, with or without a namespace. Types keep theirs.
fn name(text: &str) -> Option<&'static str> {
    known(NAMES, text).or_else(|| known(NAMES, below_namespace(text)?))
}

fn known(names: &[&'static str], text: &str) -> Option<&'static str> {
    let exact = names.binary_search(&text).ok().and_then(|at| names.get(at));
    exact.or_else(|| names.iter().find(|name| name.eq_ignore_ascii_case(text))).copied()
}

/// The rest of a name that begins with `microsoft.graph.` or `graph.`.
fn below_namespace(text: &str) -> Option<&str> {
    ["microsoft.graph.", "graph."].into_iter().find_map(|namespace| {
        let (head, rest) = text.split_at_checked(namespace.len())?;
        head.eq_ignore_ascii_case(namespace).then_some(rest)
    })
}

/// The key in parentheses: a text in quotes, in which two quotes are one, or a bare id. None: there is none, or it is
/// an alternate key such as `appId='…'`, which stays where it is.
fn key(arguments: &str) -> Option<String> {
    if let Some(text) = arguments.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')) {
        return Some(text.replace("''", "'"));
    }
    (!arguments.is_empty() && !arguments.contains(['=', '\'', ','])).then(|| arguments.to_owned())
}

/// The object that a reference such as `https://graph.microsoft.com/v1.0/users/{id}` names: its set and its key.
pub(crate) fn reference(root: &str, text: &str) -> Option<(String, String)> {
    let spelled = read(below_root(root, text)?)?;
    let mut segments = spelled.path.split('/').skip(1).filter(|segment| below_namespace(segment).is_none());
    let (set, key) = (segments.next()?, segments.next()?);
    let key = percent_decode_str(key).decode_utf8().ok()?.into_owned();
    segments.next().is_none().then(|| (set.to_owned(), key))
}

/// The address of a path below the tenant's root, in the one spelling, so that faults are found by it.
#[cfg(feature = "options")]
pub(crate) fn address(root: &str, path: &str) -> String {
    match read(path) {
        Some(Spelled { version, path, query }) if query.is_empty() => {
            format!("{root}{}{path}", version.path())
        }
        Some(Spelled { version, path, query }) => format!("{root}{}{path}?{query}", version.path()),
        None => format!("{root}{path}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_order() {
        assert!([NAMES, TYPES, OPTIONS].into_iter().all(<[_]>::is_sorted));
    }

    #[test]
    fn one_spelling_of_a_path() {
        for (path, expected) in [
            ("users", "/users"),
            ("", "/"),
            ("/", "/"),
            ("//users//", "/users"),
            ("Users/", "/users"),
            ("users('a')", "/users/a"),
            ("users('o''b@c.d')/manager", "/users/o%27b@c.d/manager"),
            ("users('o''b')", "/users/o%27b"),
            ("users(11111111-0000-0000-0000-000000000000)", "/users/11111111-0000-0000-0000-000000000000"),
            ("users/graph.agentUser", "/users/microsoft.graph.agentUser"),
            ("users/Microsoft.Graph.agentuser/X@y.z", "/users/microsoft.graph.agentUser/X@y.z"),
            ("users/graph.bot@contoso.com", "/users/graph.bot@contoso.com"),
            ("users/a%40b.c/assignlicense", "/users/a%40b.c/assignLicense"),
            ("users/x/microsoft.graph.assignLicense", "/users/x/assignLicense"),
            ("users/delta()", "/users/delta"),
            ("users/microsoft.graph.delta()", "/users/delta"),
            ("users/%24count", "/users/$count"),
            ("users/x/sponsors/%24Ref", "/users/x/sponsors/$ref"),
            ("serviceprincipals(appId='x')", "/servicePrincipals(appId='x')"),
            (
                "directory/deleteditems/graph.user/$count",
                "/directory/deletedItems/microsoft.graph.user/$count",
            ),
            ("users/%ff", "/users/%ff"),
            ("nothing/Of/This", "/nothing/Of/This"),
        ] {
            assert_eq!(spell(path), expected, "{path}");
            assert_eq!(spell(expected), expected, "{expected} is spelled already");
        }
    }

    #[test]
    fn versions_and_queries() {
        let read = |text: &str| read(text).map(|spelled| (spelled.version, spelled.path, spelled.query));
        let users = |version, query: &str| Some((version, "/users".to_owned(), query.to_owned()));
        assert_eq!(read("/v1.0/users?$top=1"), users(Version::V1, "$top=1"));
        assert_eq!(read("//V1.0//users/?a?b#c"), users(Version::V1, "a?b"));
        assert_eq!(read("/Beta/users"), users(Version::Beta, ""));
        // In beta the `$` is optional.
        let query = "Filter=a%20eq%20'b'&$select=id&custom=1&top=2&";
        let dollars = "$Filter=a%20eq%20'b'&$select=id&custom=1&$top=2&";
        assert_eq!(read(&format!("/beta/users?{query}")), users(Version::Beta, dollars));
        assert_eq!(read(&format!("/v1.0/users?{query}")), users(Version::V1, query));
        assert_eq!(read("/v1.0"), Some((Version::V1, "/".to_owned(), String::new())));
        assert_eq!(read("/users"), None);
        assert_eq!(read("/v2.0/users"), None);
    }

    #[test]
    fn references_of_every_form() {
        let root = "http://127.0.0.1:8080";
        for text in [
            "http://127.0.0.1:8080/v1.0/users/x@y.z",
            "https://graph.microsoft.com/v1.0/users/x@y.z",
            "https://graph.microsoft.com/beta/users('x@y.z')",
            "HTTPS://Graph.Microsoft.com/v1.0//Users/x%40y.z/",
            "https://graph.microsoft.com/v1.0/users/microsoft.graph.agentUser/x@y.z",
            "https://graph.microsoft.com/v1.0/users/x@y.z/graph.agentUser",
        ] {
            assert_eq!(reference(root, text), Some(("users".to_owned(), "x@y.z".to_owned())), "{text}");
        }
        for text in [
            "https://graph.microsoft.com.example/v1.0/users/x",
            "https://graph.microsoft.com/users/x",
            "https://graph.microsoft.com/v1.0/users",
            "https://graph.microsoft.com/v1.0/users/x/manager",
            "/v1.0/users/x",
            "x",
            "",
        ] {
            assert_eq!(reference(root, text), None, "{text}");
        }
    }
}
