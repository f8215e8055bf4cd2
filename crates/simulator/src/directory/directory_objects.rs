//! Objects of any type by their id.

use super::administrative_units::render_unit;
use super::bodies::parameters;
use super::errors::{Answer, Refusal, Reply};
use super::permissions::GET_DIRECTORY;
use super::query::evaluate::Subject;
use super::query::{Options, Query, Set};
use super::render::render_principal;
use super::route::{Cast, Endpoint};
use super::sets::{SeenObject, prune};
use super::subjects::{SeenPrincipal, SeenUser, compare};
use super::views::View;
use super::{Call, Directory, PrincipalKind, id_in_path};
use crate::behaviours::Label::Documented;
use agentuser_core::ObjectId;
use agentuser_core::http::Method::{Get, Post};
use serde_json::{Map, Value, json};
use std::cmp::Ordering;

/// The endpoints of directory objects of any kind.
pub(super) const ROUTES: &[Endpoint] = &[
    Endpoint::new(Get, "/directoryObjects/{id}", Documented("api/directoryobject-get"), |d, c, r| {
        d.get_object(c, r.key())
    }),
    Endpoint::new(
        Post,
        "/directoryObjects/getByIds",
        Documented("api/directoryobject-getbyids"),
        |d, c, _| d.get_by_ids(c),
    ),
];

/// The most ids of one request (<https://learn.microsoft.com/graph/api/directoryobject-getbyids>).
const MOST_IDS: usize = 1000;

impl Directory {
    fn get_object(&mut self, call: &Call<'_>, id: &str) -> Answer {
        self.require(call, GET_DIRECTORY)?;
        let query = Query::parse(call.raw_query, Options::OBJECT)?;
        let select = query.select.as_deref();
        let key = id_in_path(id)?;
        self.subject = Some(key);
        let view = View::Read(self.next_replica(&id.to_lowercase()));
        let (_, object) =
            self.render_object(call, key, view, select).ok_or_else(|| Refusal::not_found(id))?;
        Ok(Reply::ok(self.entity(call.version, "directoryObjects", select, object)))
    }

    fn get_by_ids(&mut self, call: &Call<'_>) -> Answer {
        self.require(call, GET_DIRECTORY)?;
        let query = Query::parse(call.raw_query, Options::OBJECT)?;
        let select = query.select.as_deref();
        let body = parameters("getByIds", call.object()?, &["ids", "types"])?;
        let texts = |name: &str| match body.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Array(items)) => {
                let texts = items.iter().map(|item| item.as_str().ok_or_else(|| Refusal::invalid(name)));
                texts.collect::<Result<Vec<_>, _>>().map(Some)
            }
            Some(_) => Err(Refusal::invalid(name)),
        };
        let ids = texts("ids")?.ok_or_else(|| Refusal::required("ids"))?;
        if ids.len() > MOST_IDS {
            return Err(Refusal::invalid("ids"));
        }
        let types: Option<Vec<Cast>> = texts("types")?
            .map(|types| types.into_iter().map(named).collect::<Result<_, _>>())
            .transpose()?;
        let mut found = Vec::new();
        for text in ids {
            let id: ObjectId = text.parse().map_err(|_| Refusal::invalid("ids"))?;
            let view = View::Read(self.next_replica(&text.to_lowercase()));
            // An id that names nothing is left out (the same page).
            if let Some((kind, object)) = self.render_object(call, id, view, select)
                && types.as_ref().is_none_or(|types| types.contains(&kind))
            {
                found.push(object.into());
            }
        }
        Ok(Reply::ok(self.whole_collection(call.version, "directoryObjects", select, found)))
    }

    /// An object of any type with the name of its type, and the type that requests name it by.
    pub(super) fn render_object(
        &self,
        call: &Call<'_>,
        id: ObjectId,
        view: View,
        select: Option<&[String]>,
    ) -> Option<(Cast, Map<String, Value>)> {
        if let Some(user) = self.live_user(id, call.now, view) {
            return Some((Cast::User, self.render_related(user, call.now, view, select)));
        }
        if let Some(principal) = self.live_principal(id, call.now, view) {
            let mut object = render_principal(principal, select, true);
            if principal.kind == PrincipalKind::Plain {
                object.insert("@odata.type".into(), "#microsoft.graph.servicePrincipal".into());
            }
            return Some((Cast::ServicePrincipal, object));
        }
        if let Some(group) = self.group(id) {
            return Some((Cast::Group, self.render_related_group(group, select)));
        }
        let (cast, mut object) = match (self.blueprint(id), self.units.get(&id)) {
            (Some(blueprint), _) => (Cast::Application, self.render_application(blueprint)),
            (_, Some(unit)) => {
                let mut object = render_unit(unit);
                object.insert("@odata.type".into(), "#microsoft.graph.administrativeUnit".into());
                (Cast::AdministrativeUnit, object)
            }
            _ => (Cast::DirectoryRole, self.render_directory_role(id)?),
        };
        prune(&mut object, select, &[]);
        Some((cast, object))
    }

    /// The objects that the query asks for, as directory objects, in pages. The path may narrow them to a
    /// type. `only_ids` leaves out all other members.
    pub(super) fn answer_objects(
        &self,
        call: &Call<'_>,
        mut ids: Vec<ObjectId>,
        narrowed: Option<Cast>,
        only_ids: bool,
    ) -> Answer {
        let mut query = Query::parse(call.raw_query, Options::SET)?;
        let advanced = query.settle_count(call.request);
        if query.filter_text().is_some() || query.is_sorted_or_searched() {
            // The pages on these sets ask for the advanced parameters; they don't say what Graph answers without them.
            let set = self.set_of(narrowed).filter(|_| advanced).ok_or_else(|| {
                Refusal::not_simulated(
                    501,
                    "$filter, $search and $orderby of related objects without a cast and the advanced query parameters",
                )
            })?;
            let wanted = query.wanted(set, call.request)?;
            ids.retain(|id| self.with_subject(call, *id, |subject| wanted.is(subject)) == Some(true));
            ids.sort_by(|one, other| {
                let of_both = self.with_subject(call, *one, |a| {
                    self.with_subject(call, *other, |b| compare(&wanted.order, a, b))
                });
                of_both.flatten().unwrap_or(Ordering::Equal)
            });
        }
        if only_ids {
            query.select = Some(vec!["id".to_owned()]);
        }
        let cursor = self.cursor(call, &query)?;
        let size = query.page_size(100, 999, self.switches.large_top)?;
        let page = Self::page_in_order(cursor, size, &ids);
        let count = (query.count && cursor.first).then_some(ids.len());
        let select = query.select.as_deref();
        let shown = page.ids.iter().filter_map(|id| self.render_object(call, *id, View::Master, select));
        let value = shown.map(|(_, object)| object.into()).collect();
        let context = match narrowed {
            Some(Cast::User | Cast::AgentUser) => "users",
            Some(Cast::Group) => "groups",
            Some(Cast::ServicePrincipal | Cast::AgentIdentity | Cast::BlueprintPrincipal) => {
                "servicePrincipals"
            }
            _ => "directoryObjects",
        };
        Ok(Reply::ok(self.collection(call, &query, context, &page, count, value)))
    }

    /// The set that objects of a type are looked for in, with the advanced parameters.
    fn set_of(&self, cast: Option<Cast>) -> Option<Set> {
        match cast? {
            Cast::User | Cast::AgentUser => Some(self.user_set(true)),
            Cast::Group => Some(Set::groups(true)),
            Cast::ServicePrincipal | Cast::AgentIdentity | Cast::BlueprintPrincipal => {
                Some(Set::principals(cast, true))
            }
            _ => None,
        }
    }

    /// Looks at a user, group or service principal as queries do.
    fn with_subject<T>(
        &self,
        call: &Call<'_>,
        id: ObjectId,
        look: impl FnOnce(&dyn Subject) -> T,
    ) -> Option<T> {
        if let Some(user) = self.live_user(id, call.now, View::Master) {
            return Some(look(&SeenUser { directory: self, user, now: call.now }));
        }
        if let Some(group) = self.group(id) {
            return Some(look(&SeenObject(&self.render_group(group))));
        }
        self.live_principal(id, call.now, View::Master).map(|one| look(&SeenPrincipal(one)))
    }

    /// The addresses of objects.
    pub(super) fn answer_references(&self, call: &Call<'_>, ids: &[ObjectId]) -> Answer {
        let address = |id: &ObjectId| json!({"@odata.id": self.address(call, *id)});
        let value = ids.iter().map(address).collect();
        Ok(Reply::ok(self.whole_collection(call.version, "Collection($ref)", None, value)))
    }
}

/// A type as the body names it: `user`, `group`.
fn named(name: &str) -> Result<Cast, Refusal> {
    let full = if name.contains('.') { name.to_owned() } else { format!("microsoft.graph.{name}") };
    match Cast::read(&full) {
        Some(cast) => Ok(cast),
        None if name.eq_ignore_ascii_case("directoryObject") => {
            Err(Refusal::not_simulated(501, "the type directoryObject in getByIds"))
        }
        None => Err(Refusal::invalid("types")),
    }
}
