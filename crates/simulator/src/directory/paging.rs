//! Pages: opaque skip tokens and next links.

use super::errors::Refusal;
use super::query::Query;
use super::{Call, Directory};
use crate::hash::Hash;
use crate::spelling::Version;
use agentuser_core::ObjectId;
use serde_json::{Map, Value};

const NIL: ObjectId = ObjectId::from_u128(0);

/// Where a page begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cursor {
    /// The last object before the page.
    pub(super) after: ObjectId,
    /// Whether the empty page that the switch puts here was served.
    emptied: bool,
    /// Whether it is the first page.
    pub(super) first: bool,
}

/// The ids of one page.
pub(super) struct Page {
    pub(super) ids: Vec<ObjectId>,
    next: Option<Cursor>,
}

impl Directory {
    /// Reads the skip token. It is good only for the query that it was given out with.
    pub(super) fn cursor(&self, call: &Call<'_>, query: &Query) -> Result<Cursor, Refusal> {
        let Some(token) = &query.skip_token else {
            return Ok(Cursor { after: NIL, emptied: false, first: true });
        };
        let mut parts = token.splitn(3, '-').skip(1);
        let cursor = parts.next().zip(parts.next()).and_then(|(emptied, after)| {
            Some(Cursor { after: after.parse().ok()?, emptied: emptied == "1", first: false })
        });
        cursor
            .filter(|cursor| self.skip_token(call, query, *cursor) == *token)
            .ok_or_else(|| Refusal::bad_request("The skip token is invalid, or belongs to another query."))
    }

    fn skip_token(&self, call: &Call<'_>, query: &Query, cursor: Cursor) -> String {
        let check = Hash::new(self.seed)
            .text(call.path)
            .text(&query.repeated)
            .id(cursor.after)
            .word(u64::from(cursor.emptied))
            .finish();
        format!("{check:016x}-{}-{}", u8::from(cursor.emptied), cursor.after)
    }

    /// Takes one page from ids in ascending order that come after the cursor.
    pub(super) fn page(
        &self,
        cursor: Cursor,
        size: usize,
        ids: impl Iterator<Item = ObjectId>,
        keep: impl Fn(ObjectId) -> bool,
    ) -> Page {
        let emptied = self.switches.empty_pages
            && !cursor.emptied
            && Hash::new(self.seed).text("empty page").id(cursor.after).below(3) == 0;
        if emptied {
            return Page { ids: Vec::new(), next: Some(Cursor { emptied: true, first: false, ..cursor }) };
        }
        let mut ids: Vec<ObjectId> = ids.filter(|id| keep(*id)).take(size.saturating_add(1)).collect();
        let more = ids.len() > size;
        ids.truncate(size);
        let next =
            ids.last().filter(|_| more).map(|last| Cursor { after: *last, emptied: false, first: false });
        Page { ids, next }
    }

    /// Takes one page from ids that come in an order of their own.
    pub(super) fn page_in_order(cursor: Cursor, size: usize, ids: &[ObjectId]) -> Page {
        let begin = ids.iter().position(|id| *id == cursor.after).map_or(0, |at| at + 1);
        let rest = ids.get(begin..).unwrap_or_default();
        let ids: Vec<ObjectId> = rest.iter().take(size).copied().collect();
        let next = ids.last().filter(|_| rest.len() > ids.len());
        let next = next.map(|last| Cursor { after: *last, emptied: false, first: false });
        Page { ids, next }
    }

    /// The body of a collection.
    pub(super) fn collection(
        &self,
        call: &Call<'_>,
        query: &Query,
        context: &str,
        page: &Page,
        count: Option<usize>,
        value: Vec<Value>,
    ) -> Value {
        let mut body = Map::new();
        body.insert(
            "@odata.context".into(),
            self.context(call.version, context, query.select.as_deref(), false),
        );
        if let Some(count) = count {
            body.insert("@odata.count".into(), count.into());
        }
        if let Some(next) = page.next {
            let token = self.skip_token(call, query, next);
            let separator = if query.repeated.is_empty() { "" } else { "&" };
            let link = format!(
                "{}{}{}?{}{separator}$skiptoken={token}",
                self.root,
                call.version.path(),
                call.path,
                query.repeated
            );
            body.insert("@odata.nextLink".into(), link.into());
        }
        body.insert("value".into(), value.into());
        Value::Object(body)
    }

    /// A collection without pages.
    pub(super) fn whole_collection(
        &self,
        version: Version,
        context: &str,
        select: Option<&[String]>,
        value: Vec<Value>,
    ) -> Value {
        let mut body = Map::new();
        body.insert("@odata.context".into(), self.context(version, context, select, false));
        body.insert("value".into(), value.into());
        Value::Object(body)
    }
}
