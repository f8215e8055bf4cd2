//! Paths: which request goes where.
//!
//! Each file of handlers has a table of its endpoints. A path that no table has is looked up in the metadata: Graph
//! refuses a segment that is not there in its own words, and what is there is not simulated.

use super::errors::{Answer, Refusal};
use super::{Call, Directory, segments};
use crate::behaviours::Label;
use crate::spelling::{self, Version};
use agentuser_core::http::Method;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Answers a request to an endpoint.
pub(super) type Handler = fn(&mut Directory, &Call<'_>, &Route) -> Answer;

/// A method on a path.
pub(super) struct Endpoint {
    pub(super) method: Method,
    /// The path with names in place of ids. A cast is not part of it: see [`Route::cast`].
    pub(super) template: &'static str,
    pub(super) handler: Handler,
    /// The source of its behaviour.
    pub(super) label: Label,
    /// Whether a cast may follow that narrows the objects that it answers with.
    narrows: bool,
}

impl Endpoint {
    pub(super) const fn new(method: Method, template: &'static str, label: Label, handler: Handler) -> Self {
        Self { method, template, handler, label, narrows: false }
    }

    /// A cast may follow: see [`Route::narrowed`].
    pub(super) const fn narrowing(mut self) -> Self {
        self.narrows = true;
        self
    }
}

/// The tables of all files.
const TABLES: &[&[Endpoint]] = &[
    super::administrative_units::ROUTES,
    super::applications::ROUTES,
    super::conditional_access::ROUTES,
    super::credentials::ROUTES,
    super::drives::ROUTES,
    super::grants::ROUTES,
    super::inheritable_permissions::ROUTES,
    super::memberships::ROUTES,
    super::relations::ROUTES,
    super::users::ROUTES,
    super::lifecycle::ROUTES,
    super::links::ROUTES,
    super::licenses::ROUTES,
    super::service_principals::ROUTES,
    super::risky_agents::ROUTES,
    super::roles::ROUTES,
    super::sign_ins::ROUTES,
    super::deleted::ROUTES,
    super::delta::ROUTES,
    super::directory_objects::ROUTES,
    super::me::ROUTES,
    super::metadata_document::ROUTES,
    super::tenant_info::ROUTES,
    super::groups::ROUTES,
];

/// All endpoints, for docs/simulator.md.
pub(crate) fn endpoints() -> impl Iterator<Item = (Method, &'static str, Label)> {
    let all = TABLES.iter().copied().flatten();
    all.map(|endpoint| (endpoint.method, endpoint.template, endpoint.label))
}

/// A type that a path may be cast to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cast {
    User,
    AgentUser,
    ServicePrincipal,
    AgentIdentity,
    BlueprintPrincipal,
    Application,
    Blueprint,
    Group,
    DirectoryRole,
    AdministrativeUnit,
    Device,
    OrgContact,
}

impl Cast {
    const ALL: [(&'static str, Self); 12] = [
        ("microsoft.graph.user", Self::User),
        ("microsoft.graph.agentUser", Self::AgentUser),
        ("microsoft.graph.servicePrincipal", Self::ServicePrincipal),
        ("microsoft.graph.agentIdentity", Self::AgentIdentity),
        ("microsoft.graph.agentIdentityBlueprintPrincipal", Self::BlueprintPrincipal),
        ("microsoft.graph.application", Self::Application),
        ("microsoft.graph.agentIdentityBlueprint", Self::Blueprint),
        ("microsoft.graph.group", Self::Group),
        ("microsoft.graph.directoryRole", Self::DirectoryRole),
        ("microsoft.graph.administrativeUnit", Self::AdministrativeUnit),
        ("microsoft.graph.device", Self::Device),
        ("microsoft.graph.orgContact", Self::OrgContact),
    ];

    /// Reads a segment or the name of a type: in any letter case, with or without `#`, with the short namespace, too.
    pub(super) fn read(name: &str) -> Option<Self> {
        let name = name.strip_prefix('#').unwrap_or(name);
        let short = |full: &'static str| full.strip_prefix("microsoft.").unwrap_or(full);
        let known = Self::ALL
            .iter()
            .find(|(full, _)| full.eq_ignore_ascii_case(name) || short(full).eq_ignore_ascii_case(name));
        known.map(|(_, cast)| *cast)
    }

    /// `microsoft.graph.` and the name.
    pub(super) fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, cast)| *cast == self).map_or("", |(name, _)| name)
    }

    /// The casts that a set of directory objects takes.
    const fn of(set: &str) -> &'static [Self] {
        match set.as_bytes() {
            b"users" => &[Self::User, Self::AgentUser],
            b"servicePrincipals" => &[Self::ServicePrincipal, Self::AgentIdentity, Self::BlueprintPrincipal],
            b"applications" => &[Self::Application, Self::Blueprint],
            b"groups" => &[Self::Group],
            b"directory" => &[
                Self::User,
                Self::AgentUser,
                Self::ServicePrincipal,
                Self::AgentIdentity,
                Self::BlueprintPrincipal,
                Self::Application,
                Self::Blueprint,
                Self::Group,
                Self::AdministrativeUnit,
                Self::Device,
            ],
            _ => &[],
        }
    }
}

/// A path that is known.
#[derive(Clone)]
pub(super) struct Route {
    pattern: &'static Pattern,
    template: &'static str,
    /// The path's segments in the places of the template's names, in order.
    params: Vec<String>,
    /// The type that the path casts the set or the object to.
    pub(super) cast: Option<Cast>,
    /// The type that a cast after a navigation property narrows its objects to.
    pub(super) narrowed: Option<Cast>,
}

/// A template, and the methods that it takes.
struct Pattern {
    template: &'static str,
    segments: Vec<&'static str>,
    endpoints: Vec<&'static Endpoint>,
    /// The template of a set or object that is cast, by the cast.
    casts: Vec<(Cast, String)>,
}

impl Pattern {
    fn new(template: &'static str) -> Self {
        let segments: Vec<_> = template.split('/').skip(1).collect();
        let set = segments.first().copied().unwrap_or_default();
        let base = if set == "directory" { "/directory/deletedItems" } else { template_head(template) };
        let rest = template.strip_prefix(base).unwrap_or_default();
        let short = matches!(rest, "" | "/$count" | "/{id}");
        let named = |cast: Cast| set == "directory" || cast != Cast::User;
        let is_cast = template.starts_with(base);
        let casts = Cast::of(set).iter().filter(|cast| short && is_cast && named(**cast));
        let casts = casts.map(|cast| (*cast, format!("{base}/{}{rest}", cast.name()))).collect();
        Self { template, segments, endpoints: Vec::new(), casts }
    }

    /// How many segments are the template's own; none when the path does not fit it.
    fn fit(&self, path: &[&str], narrowed: bool) -> Option<usize> {
        if path.len() != self.segments.len() || narrowed && !self.endpoints.iter().any(|one| one.narrows) {
            return None;
        }
        let mut literal = 0;
        for (wanted, given) in self.segments.iter().zip(path) {
            if wanted == given {
                literal += 1;
            } else if wanted.starts_with('{') {
                // Neither a word of OData nor an operation of the set is an id.
                let is_no_id = *wanted == "{id}" && segments::is_no_id(given);
                if given.is_empty() || given.starts_with('$') || is_no_id {
                    return None;
                }
            } else if given.strip_prefix("microsoft.graph.") == Some(wanted) {
                // Actions and functions may be named with their namespace.
                literal += 1;
            } else {
                return None;
            }
        }
        Some(literal)
    }

    /// The segments of a path in the places of the names.
    fn params(&self, path: &[&str]) -> Vec<String> {
        let both = self.segments.iter().zip(path).filter(|(wanted, _)| wanted.starts_with('{'));
        both.map(|(_, given)| (*given).to_owned()).collect()
    }
}

/// `/users` of `/users/{id}/manager`.
fn template_head(template: &'static str) -> &'static str {
    let end = template.char_indices().skip(1).find(|(_, c)| *c == '/').map_or(template.len(), |(at, _)| at);
    template.get(..end).unwrap_or(template)
}

/// The patterns by their first segment.
static PATTERNS: LazyLock<BTreeMap<&'static str, Vec<Pattern>>> = LazyLock::new(|| {
    let mut found: BTreeMap<&'static str, Vec<Pattern>> = BTreeMap::new();
    for endpoint in TABLES.iter().copied().flatten() {
        let first = endpoint.template.split('/').nth(1).unwrap_or_default();
        let patterns = found.entry(first).or_default();
        match patterns.iter_mut().find(|pattern| pattern.template == endpoint.template) {
            Some(pattern) => pattern.endpoints.push(endpoint),
            None => {
                let mut pattern = Pattern::new(endpoint.template);
                pattern.endpoints.push(endpoint);
                patterns.push(pattern);
            }
        }
    }
    found
});

impl Route {
    /// Reads a path below the version, such as `/users/x`, in its canonical spelling. None: the simulator does not know it.
    pub(super) fn parse(path: &str) -> Option<Self> {
        let segments =
            path.strip_prefix('/')?.split('/').map(spelling::decode).collect::<Option<Vec<_>>>()?;
        let mut segments: Vec<&str> = segments.iter().map(AsRef::as_ref).collect();
        split_key(&mut segments);
        let set = *segments.first()?;
        let patterns = PATTERNS.get(set)?;
        let cast = take_cast(&mut segments);
        let narrowed = take_narrowing(&mut segments);
        let fits = patterns
            .iter()
            .filter_map(|pattern| Some((pattern, pattern.fit(&segments, narrowed.is_some())?)));
        let (pattern, _) = fits.max_by_key(|(_, literal)| *literal)?;
        let params = pattern.params(&segments);
        let named = cast.and_then(|cast| pattern.casts.iter().find(|(known, _)| *known == cast));
        let template = named.map_or(pattern.template, |(_, template)| template.as_str());
        Some(Self { pattern, template, params, cast, narrowed })
    }

    /// The path with names in place of ids, for the journal.
    pub(super) const fn template(&self) -> &'static str {
        self.template
    }

    /// The template without a cast.
    pub(super) const fn pattern(&self) -> &'static str {
        self.pattern.template
    }

    /// The first id of the path.
    pub(super) fn key(&self) -> &str {
        self.params.first().map_or("", String::as_str)
    }

    /// The second id of the path.
    pub(super) fn second(&self) -> &str {
        self.params.get(1).map_or("", String::as_str)
    }

    /// Whether the path is cast to the agent user type.
    pub(super) fn is_agent_cast(&self) -> bool {
        self.cast == Some(Cast::AgentUser)
    }

    /// The endpoint for a method.
    pub(super) fn endpoint(&self, version: Version, method: Method) -> Result<&'static Endpoint, Refusal> {
        let found = self.pattern.endpoints.iter().find(|endpoint| endpoint.method == method);
        found.copied().ok_or_else(|| Refusal::wrong_method(version, method, self.pattern()))
    }
}

/// Parts a set from its alternate key: `servicePrincipals(appId='…')`.
fn split_key(segments: &mut Vec<&str>) {
    let parts = segments.first().and_then(|first| first.strip_suffix(')')?.split_once('('));
    if let Some((set, key)) = parts.filter(|(_, key)| key.contains('=')) {
        segments.splice(..1, [set, key]);
    }
}

/// Takes the cast of a set or an object out: after the set's name, or after the key.
fn take_cast(segments: &mut Vec<&str>) -> Option<Cast> {
    let set = *segments.first()?;
    let casts = Cast::of(set);
    let first = if set == "directory" { 2 } else { 1 };
    for at in [first, first + 1] {
        let Some(segment) = segments.get(at) else { continue };
        if let Some(cast) = Cast::read(segment).filter(|cast| casts.contains(cast)) {
            segments.remove(at);
            return Some(cast);
        }
    }
    None
}

/// Takes the cast at the end of a navigation property out, which `$count` may follow.
fn take_narrowing(segments: &mut Vec<&str>) -> Option<Cast> {
    let last = segments.len().checked_sub(1)?;
    let at = if segments.get(last) == Some(&"$count") { last.checked_sub(1)? } else { last };
    let cast = segments.get(at).and_then(|segment| Cast::read(segment))?;
    segments.remove(at);
    Some(cast)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_spellings_of_one_agent_user() {
        for (path, cast) in [
            ("/users/a%23b%27@contoso.com", None),
            ("/users/microsoft.graph.agentUser/a%23b%27@contoso.com", Some(Cast::AgentUser)),
            ("/users/a%23b%27@contoso.com/microsoft.graph.agentUser", Some(Cast::AgentUser)),
        ] {
            let route = Route::parse(path).unwrap();
            assert_eq!((route.key(), route.cast), ("a#b'@contoso.com", cast), "{path}");
        }
        let route = Route::parse("/users/microsoft.graph.agentUser/x/manager/$ref").unwrap();
        assert_eq!((route.template(), route.key()), ("/users/{id}/manager/$ref", "x"));
        assert_eq!(
            Route::parse("/users/microsoft.graph.agentUser").unwrap().template(),
            "/users/microsoft.graph.agentUser"
        );
        assert_eq!(
            Route::parse("/servicePrincipals/x/microsoft.graph.agentIdentity").unwrap().template(),
            "/servicePrincipals/microsoft.graph.agentIdentity/{id}"
        );
    }

    #[test]
    fn unknown_paths_are_unknown() {
        for path in [
            "",
            "/",
            "users",
            "/Users",
            "/agentUsers",
            "/users/x/manager/y/$ref",
            "/users/x/photo",
            "/users/%ff",
            "/users/microsoft.graph.group",
            "/servicePrincipals/a/b",
            "/groups/delta",
            "/users/getByIds",
            "/users/microsoft.graph.nothing",
            "/directory/deletedItems/getUserOwnedObjects",
            "/$batch",
        ] {
            assert!(Route::parse(path).is_none(), "{path}");
        }
    }

    #[test]
    fn every_endpoint_is_found_by_its_own_path() {
        let mut seen = std::collections::BTreeSet::new();
        for endpoint in TABLES.iter().copied().flatten() {
            let path = endpoint.template.replace(['{', '}'], "");
            let route = Route::parse(&path).unwrap();
            assert_eq!(route.template(), endpoint.template);
            assert!(route.endpoint(Version::V1, endpoint.method).is_ok());
            assert!(
                seen.insert((endpoint.method, endpoint.template)),
                "{} is there twice",
                endpoint.template
            );
        }
    }
}
