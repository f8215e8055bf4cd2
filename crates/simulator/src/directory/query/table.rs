//! Which properties `$filter` and `$orderby` take, and what a filter needs: the data is in filterable.tsv.

use super::filter::{Expr, Function, Literal, Op, Path, Unreadable};
use crate::directory::errors::Refusal;
use crate::directory::route::Cast;
use crate::directory::schema::{MODEL, Property};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Whether an operator works on a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Support {
    /// By default.
    Default,
    /// With `ConsistencyLevel: eventual` and `$count=true` only.
    Advanced,
    /// By the switch.
    Disputed,
    /// Not at all.
    No,
}

impl Support {
    fn read(cell: &str) -> Self {
        match cell {
            "D" | "d" => Self::Default,
            "A" | "a" => Self::Advanced,
            "?" => Self::Disputed,
            _ => Self::No,
        }
    }
}

/// The operators on one property.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    pub(crate) eq: Support,
    pub(crate) starts_with: Support,
    pub(crate) ge: Support,
    pub(crate) le: Support,
    pub(crate) null: Support,
    pub(crate) ends_with: Support,
}

/// Properties by type and path. A collection is followed by `any`: `proxyAddresses/any`, `assignedLicenses/any/skuId`.
type Table = BTreeMap<(&'static str, &'static str), Row>;

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let rows = include_str!("filterable.tsv").lines().filter(|line| !line.starts_with('#'));
    rows.filter_map(|line| {
        let mut cells = line.split('\t');
        let key = (cells.next()?, cells.next()?);
        let mut next = || Some(Support::read(cells.next()?));
        let (eq, starts_with, ge, le, null, ends_with) =
            (next()?, next()?, next()?, next()?, next()?, next()?);
        Some((key, Row { eq, starts_with, ge, le, null, ends_with }))
    })
    .collect()
});

/// The properties that `$orderby` takes, by type (https://learn.microsoft.com/graph/aad-advanced-queries, its second table).
const SORTABLE: &[(&str, &str, Support)] = &[
    ("user", "createdDateTime", Support::Advanced),
    ("user", "deletedDateTime", Support::Advanced),
    ("user", "displayName", Support::Default),
    ("user", "userPrincipalName", Support::Default),
    ("servicePrincipal", "createdDateTime", Support::Advanced),
    ("servicePrincipal", "deletedDateTime", Support::Advanced),
    ("servicePrincipal", "displayName", Support::Advanced),
    ("application", "createdDateTime", Support::Advanced),
    ("application", "deletedDateTime", Support::Advanced),
    ("application", "displayName", Support::Advanced),
    ("group", "deletedDateTime", Support::Advanced),
    ("group", "displayName", Support::Default),
    // Microsoft's zerotrustassessment sorts by it.
    ("summarizedSignIn", "firstSignInDateTime", Support::Default),
];

/// Relationships and properties that Graph filters by and the simulator has no data for.
const WITHOUT_DATA: &[&str] = &[
    "createdObjects",
    "customSecurityAttributes",
    "identities",
    "info",
    "keyCredentials",
    "manager",
    "onPremisesProvisioningErrors",
    "ownedDevices",
    "ownedObjects",
    "owners",
    "serviceProvisioningErrors",
    "signInActivity",
];

/// How many clauses joined by `or`, or values of `in`, Graph takes by default (docs/graph.md#lists).
const MOST_CLAUSES: usize = 15;

/// A set whose objects are looked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Set {
    /// The type that the table goes by.
    pub(crate) of: &'static str,
    /// The type whose members there are: one that derives from it, when the path is cast.
    pub(crate) members: &'static str,
    /// Its name in messages.
    pub(crate) shown: &'static str,
    /// Whether the advanced parameters were given.
    pub(crate) advanced: bool,
    /// Whether dates of creation need them.
    pub(crate) created_is_advanced: bool,
}

impl Set {
    pub(crate) const fn users(advanced: bool, created_is_advanced: bool) -> Self {
        Self { of: "user", members: "user", shown: "User", advanced, created_is_advanced }
    }

    pub(crate) const fn groups(advanced: bool) -> Self {
        Self { of: "group", members: "group", shown: "Group", advanced, created_is_advanced: true }
    }

    pub(crate) const fn applications(advanced: bool) -> Self {
        let members = "agentIdentityBlueprint";
        Self { of: "application", members, shown: "Application", advanced, created_is_advanced: true }
    }

    pub(crate) const fn units(advanced: bool) -> Self {
        Self::plain("administrativeUnit", "AdministrativeUnit", advanced)
    }

    pub(crate) const fn grants(advanced: bool) -> Self {
        Self::plain("oAuth2PermissionGrant", "OAuth2PermissionGrant", advanced)
    }

    pub(crate) const fn assignments(advanced: bool) -> Self {
        Self::plain("appRoleAssignment", "AppRoleAssignment", advanced)
    }

    pub(crate) const fn federated(advanced: bool) -> Self {
        Self::plain("federatedIdentityCredential", "FederatedIdentityCredential", advanced)
    }

    pub(crate) const fn inheritable(advanced: bool) -> Self {
        Self::plain("inheritablePermission", "InheritablePermission", advanced)
    }

    pub(crate) const fn role_assignments(advanced: bool) -> Self {
        Self::plain("unifiedRoleAssignment", "UnifiedRoleAssignment", advanced)
    }

    pub(crate) const fn active_roles(advanced: bool) -> Self {
        let of = "unifiedRoleAssignmentScheduleInstance";
        Self::plain(of, "UnifiedRoleAssignmentScheduleInstance", advanced)
    }

    pub(crate) const fn eligible_roles(advanced: bool) -> Self {
        let of = "unifiedRoleEligibilityScheduleInstance";
        Self::plain(of, "UnifiedRoleEligibilityScheduleInstance", advanced)
    }

    pub(crate) const fn role_definitions(advanced: bool) -> Self {
        Self::plain("unifiedRoleDefinition", "UnifiedRoleDefinition", advanced)
    }

    pub(crate) const fn risky_agents(advanced: bool) -> Self {
        Self::plain("riskyAgent", "RiskyAgent", advanced)
    }

    pub(crate) const fn summarized_sign_ins(advanced: bool) -> Self {
        Self::plain("summarizedSignIn", "SummarizedSignIn", advanced)
    }

    const fn plain(of: &'static str, shown: &'static str, advanced: bool) -> Self {
        Self { of, members: of, shown, advanced, created_is_advanced: true }
    }

    pub(crate) const fn principals(cast: Option<Cast>, advanced: bool) -> Self {
        let members = match cast {
            Some(Cast::AgentIdentity) => "agentIdentity",
            _ => "servicePrincipal",
        };
        let of = "servicePrincipal";
        Self { of, members, shown: "ServicePrincipal", advanced, created_is_advanced: true }
    }

    /// Reads a filter, gives its properties their proper names, and refuses what Graph refuses.
    pub(crate) fn filter(self, text: &str) -> Result<Expr, Refusal> {
        let mut expr = Expr::parse(text).map_err(|unreadable| match unreadable {
            Unreadable::Syntax(why) => {
                Refusal::new(400, "BadRequest", format!("Invalid filter clause: {why}"))
            }
            Unreadable::Unknown(what) => Refusal::not_simulated(501, what),
        })?;
        self.check(&mut expr, &mut Vec::new())?;
        Ok(expr)
    }

    /// Refuses a property that the set is not sorted by.
    pub(crate) fn sortable(self, name: &str) -> Result<&'static str, Refusal> {
        let found = SORTABLE.iter().find(|(of, known, _)| *of == self.of && known.eq_ignore_ascii_case(name));
        match found {
            Some((_, known, Support::Default)) => Ok(known),
            Some((_, known, _)) if self.advanced => Ok(known),
            // The words differ (docs/graph.md#lists).
            _ if self.advanced => Err(Refusal::unsupported_query("An unsupported property was specified.")),
            _ => Err(Refusal::unsupported_query(format!(
                "Unsupported sort property '{name}' for '{}'.",
                self.shown
            ))),
        }
    }

    /// `around` holds the collections of the lambdas around the expression.
    fn check(self, expr: &mut Expr, around: &mut Vec<String>) -> Result<(), Refusal> {
        match expr {
            Expr::And(all) => all.iter_mut().try_for_each(|one| self.check(one, around)),
            Expr::Or(all) => {
                self.bounded(all.len())?;
                all.iter_mut().try_for_each(|one| self.check(one, around))
            }
            Expr::Not(one) => {
                self.need(Support::Advanced, "not", None)?;
                self.check(one, around)
            }
            Expr::Compare { path, op, value } => {
                let (row, property) = self.look(path, around)?;
                let (support, name) = match (*op, &*value) {
                    (Op::Eq, Literal::Null) => (row.null, "eq"),
                    (Op::Ne, Literal::Null) if row.null == Support::No => (Support::No, "ne"),
                    (Op::Ne, _) if row.eq == Support::No && row.null == Support::No => (Support::No, "ne"),
                    (Op::Ne, _) => (Support::Advanced, "ne"),
                    (Op::Eq, _) => (row.eq, "eq"),
                    (Op::Ge | Op::Gt, _) => (row.ge, "ge"),
                    (Op::Le | Op::Lt, _) => (row.le, "le"),
                };
                self.need(support, name, Some(property.name))?;
                fits(property, value, *op)
            }
            Expr::In { path, values } => {
                self.bounded(values.len())?;
                let (row, property) = self.look(path, around)?;
                for value in values.iter() {
                    let support = if *value == Literal::Null { row.null } else { row.eq };
                    self.need(support, "in", Some(property.name))?;
                    fits(property, value, Op::Eq)?;
                }
                Ok(())
            }
            Expr::Text { path, function, .. } => {
                let (row, property) = self.look(path, around)?;
                let support = match function {
                    Function::StartsWith => row.starts_with,
                    Function::EndsWith => row.ends_with,
                    Function::Contains => Support::No,
                };
                if property.of != "String" {
                    return Err(self.unsupported(Some(property.name)));
                }
                self.need(support, function.name(), Some(property.name))
            }
            Expr::Count { path, op, value } => {
                let property = self.name(path)?;
                let name = property.name;
                let key = format!("{name}/$count");
                let is_known = TABLE.contains_key(&(self.of, key.as_str()));
                // The table is about properties; scripts count relationships, too.
                if !is_known && property.is_relationship {
                    return Err(Refusal::not_simulated(
                        501,
                        format_args!("$filter by {key} of {}", self.members),
                    ));
                }
                if !is_known || !matches!(op, Op::Eq | Op::Ne) || !matches!(*value, 0 | 1) {
                    return Err(self.unsupported(Some(name)));
                }
                self.need(Support::Advanced, "$count", Some(name))
            }
            Expr::Any { path, body } => {
                let property = self.name(path)?;
                let Some(body) = body else {
                    return Err(Refusal::not_simulated(501, "any() without a body in $filter"));
                };
                if !property.is_list {
                    return Err(invalid(&format!(
                        "Any/All may only be used following a collection. '{}' is not a collection.",
                        property.name
                    )));
                }
                around.push(property.name.to_owned());
                let checked = self.check(body, around);
                around.pop();
                checked
            }
            Expr::All { path, .. } => {
                // Microsoft's page on $filter says that Graph does not have it.
                let name = self.name(path)?.name;
                Err(self.unsupported(Some(name)))
            }
            Expr::Is(path) => {
                let (row, property) = self.look(path, around)?;
                self.need(row.eq, "eq", Some(property.name))?;
                if property.of == "Boolean" {
                    Ok(())
                } else {
                    Err(invalid(&format!("The property '{}' is not a truth value.", property.name)))
                }
            }
            Expr::IsOf(name) => match Cast::read(name) {
                Some(_) => Ok(()),
                None => Err(invalid(&format!("The type '{name}' is not defined in the model."))),
            },
        }
    }

    /// The property that a path names, which gets its proper spelling, and what it can do.
    fn look(self, path: &mut Path, around: &[String]) -> Result<(Row, &'static Property), Refusal> {
        path_has_data(&Path(around.to_vec()))?;
        let (key, property) = match around {
            [] => {
                let property = self.name(path)?;
                (path.0.join("/"), property)
            }
            [collection] => {
                let of = MODEL.member(self.members, collection).map_or("", |property| property.of);
                let property = match path.0.first_mut() {
                    None => MODEL.member(self.members, collection),
                    Some(name) => {
                        let found = MODEL.member(of, name);
                        if let Some(found) = found {
                            found.name.clone_into(name);
                        }
                        found
                    }
                };
                let property = property.ok_or_else(|| self.unsupported(Some(collection)))?;
                let inner = path.0.iter().map(|name| format!("/{name}")).collect::<String>();
                (format!("{collection}/any{inner}"), property)
            }
            _ => return Err(Refusal::not_simulated(501, "a lambda within a lambda of $filter")),
        };
        match TABLE.get(&(self.of, key.as_str())) {
            Some(row) => Ok((*row, property)),
            // The page says that what its table does not have can't be filtered by; resource pages and scripts know more.
            None => Err(Refusal::not_simulated(501, format_args!("$filter by {key} of {}", self.members))),
        }
    }

    /// Gives each segment of a path its proper spelling. The property that it ends at.
    fn name(self, path: &mut Path) -> Result<&'static Property, Refusal> {
        let mut of = self.members;
        let mut found = None;
        path_has_data(path)?;
        for segment in &mut path.0 {
            if found.is_none() && segment.contains('_') {
                return Err(Refusal::not_simulated(501, format_args!("$filter by {segment}")));
            }
            let property = MODEL.member(of, segment).ok_or_else(|| self.unsupported(Some(segment)))?;
            property.name.clone_into(segment);
            of = property.of;
            found = Some(property);
        }
        found.ok_or_else(|| self.unsupported(None))
    }

    fn need(self, support: Support, operator: &str, property: Option<&str>) -> Result<(), Refusal> {
        let advanced = match support {
            Support::Default => false,
            Support::Advanced => true,
            Support::Disputed => self.created_is_advanced,
            Support::No => return Err(self.unsupported(property)),
        };
        if !advanced || self.advanced {
            return Ok(());
        }
        // The words of https://learn.microsoft.com/graph/aad-advanced-queries.
        Err(Refusal::unsupported_query(format!(
            "Operator '{operator}' is not supported because the required parameters might be missing. Try adding $count=true query \
             parameter and ConsistencyLevel:eventual header. Refer to https://aka.ms/graph-docs/advanced-queries for more information"
        )))
    }

    /// Refuses too many clauses joined by `or`, or values of `in`, without the advanced parameters.
    fn bounded(self, clauses: usize) -> Result<(), Refusal> {
        if self.advanced || clauses <= MOST_CLAUSES {
            return Ok(());
        }
        Err(Refusal::unsupported_query(format!(
            "Too many child clauses specified in search filter expression containing 'OR' operators: {clauses}. Max allowed: \
             {MOST_CLAUSES}."
        )))
    }

    /// The words of https://learn.microsoft.com/graph/aad-advanced-queries for a property that is not indexed.
    fn unsupported(self, property: Option<&str>) -> Refusal {
        let property = property.unwrap_or_default();
        Refusal::unsupported_query(format!(
            "Unsupported or invalid query filter clause specified for property '{property}' of resource '{}'.",
            self.shown
        ))
    }
}

fn path_has_data(path: &Path) -> Result<(), Refusal> {
    match path.0.first() {
        Some(first) if WITHOUT_DATA.iter().any(|name| name.eq_ignore_ascii_case(first)) => {
            Err(Refusal::not_simulated(501, format_args!("$filter by {first}")))
        }
        _ => Ok(()),
    }
}

/// The words of Graph when a filtered query can't be sorted (docs/graph.md#lists).
pub(crate) fn unsorted() -> Refusal {
    Refusal::unsupported_query("Sorting not supported for current query.")
}

fn invalid(why: &str) -> Refusal {
    Refusal::new(400, "BadRequest", format!("Invalid filter clause: {why}"))
}

/// Refuses a value of another type, in the words of the OData library that Graph is made with (an assumption).
fn fits(property: &Property, value: &Literal, op: Op) -> Result<(), Refusal> {
    let (sound, given) = match value {
        Literal::Null => return Ok(()),
        Literal::Text(_) => {
            (!matches!(property.of, "Boolean" | "Int32" | "Guid" | "DateTimeOffset"), "Edm.String")
        }
        Literal::Bool(_) => (property.of == "Boolean", "Edm.Boolean"),
        Literal::Number(_) => (property.of == "Int32", "Edm.Int32"),
        Literal::Guid(_) => (property.of == "Guid", "Edm.Guid"),
        Literal::Date(_) => (property.of == "DateTimeOffset", "Edm.DateTimeOffset"),
    };
    if sound {
        return Ok(());
    }
    let operator = match op {
        Op::Eq => "Equal",
        Op::Ne => "NotEqual",
        Op::Ge => "GreaterThanOrEqual",
        Op::Gt => "GreaterThan",
        Op::Le => "LessThanOrEqual",
        Op::Lt => "LessThan",
    };
    Err(invalid(&format!(
        "A binary operator with incompatible types was detected. Found operand types 'Edm.{}' and '{given}' for operator kind \
         '{operator}'.",
        property.of
    )))
}
