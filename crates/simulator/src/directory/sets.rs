//! Sets that are small enough to be looked at as a whole.

use super::errors::{Answer, Reply};
use super::query::evaluate::{Member, Subject};
use super::query::{Options, Query, Set};
use super::route::Cast;
use super::subjects::compare;
use super::users::require_count;
use super::{Call, Directory};
use agentuser_core::ObjectId;
use serde_json::{Map, Value};
use std::borrow::Cow;

/// Objects with all their members, by id.
pub(super) type Objects = Vec<(ObjectId, Map<String, Value>)>;

/// An object as queries look at it.
pub(super) struct SeenObject<'a>(pub(super) &'a Map<String, Value>);

impl Subject for SeenObject<'_> {
    fn member(&self, name: &str) -> Member<'_> {
        self.0.get(name).map_or(Member::Null, |value| Member::Json(Cow::Borrowed(value)))
    }

    fn is_of(&self, cast: Cast) -> bool {
        let own = self.0.get("@odata.type").and_then(Value::as_str).and_then(Cast::read);
        own == Some(cast) || own == Some(Cast::Blueprint) && cast == Cast::Application
    }
}

/// Leaves what `$select` names, or without `$select` what is not hidden.
pub(super) fn prune(object: &mut Map<String, Value>, select: Option<&[String]>, hidden: &[&str]) {
    object.retain(|name, _| {
        name.starts_with('@') || Query::wants(select, name, !hidden.contains(&name.as_str()))
    });
}

impl Directory {
    /// The objects that the query asks for, in pages. `hidden` members are shown by `$select` alone.
    pub(super) fn answer_set(
        &self,
        call: &Call<'_>,
        set: fn(bool) -> Set,
        context: &str,
        hidden: &[&str],
        mut objects: Objects,
    ) -> Answer {
        let mut query = Query::parse(call.raw_query, Options::SET)?;
        let advanced = query.settle_count(call.request);
        let wanted = query.wanted(set(advanced), call.request)?;
        objects.retain(|(_, object)| wanted.is(&SeenObject(object)));
        objects.sort_by(|(one, a), (other, b)| {
            compare(&wanted.order, &SeenObject(a), &SeenObject(b)).then(one.cmp(other))
        });
        let ids: Vec<ObjectId> = objects.iter().map(|(id, _)| *id).collect();
        let cursor = self.cursor(call, &query)?;
        let size = query.page_size(100, 999, self.switches.large_top)?;
        let page = Self::page_in_order(cursor, size, &ids);
        let count = (query.count && cursor.first).then_some(ids.len());
        let select = query.select.as_deref();
        let shown = objects.into_iter().filter(|(id, _)| page.ids.contains(id));
        let value = shown.map(|(_, mut object)| {
            prune(&mut object, select, hidden);
            Value::Object(object)
        });
        let value = value.collect();
        Ok(Reply::ok(self.collection(call, &query, context, &page, count, value)))
    }

    /// How many of the objects the query asks for.
    pub(super) fn count_set(call: &Call<'_>, set: fn(bool) -> Set, objects: &Objects) -> Answer {
        require_count(call)?;
        let query = Query::parse(call.raw_query, Options { paging: false, ..Options::SET })?;
        let wanted = query.wanted(set(true), call.request)?;
        let count = objects.iter().filter(|(_, object)| wanted.is(&SeenObject(object))).count();
        Ok(Reply::count(count))
    }

    /// One object with all its members.
    pub(super) fn answer_object(
        &self,
        call: &Call<'_>,
        set: &str,
        hidden: &[&str],
        mut object: Map<String, Value>,
    ) -> Answer {
        let query = Query::parse(call.raw_query, Options::OBJECT)?;
        prune(&mut object, query.select.as_deref(), hidden);
        Ok(Reply::ok(self.entity(call.version, set, query.select.as_deref(), object)))
    }
}
