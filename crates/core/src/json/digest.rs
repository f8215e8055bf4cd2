//! A page of agent users that stays with the host: a digest comes in, by which a list decides, and its decision goes out.
//!
//! JavaScript reads JSON far faster by itself than it is read here and handed over. So it keeps the users of a page, and hands over
//! no more of each than the members by which [`crate::flow::list`] tells agent users from others, and one from another.

use super::fields::Field;
use super::page::Text;
use crate::ObjectId;
use crate::flow::{Found, UserSet, Users};
use crate::graph::Call;
use crate::model::{Entries, MOST_ENTRIES, former_name, is_agent_user_type};
use serde::de::Error as _;
use serde::ser::SerializeStruct as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::str::Split;

/// The members that are wanted of each user of a page, where the answer to this call is one, in the order of [`PageDigest::of`].
pub(super) const fn columns(call: Call) -> &'static [&'static str] {
    match call {
        Call::ListAgentUsers => &["id", "@odata.type"],
        Call::ListDeletedUsers => &["id", "@odata.type", "identityParentId", "userPrincipalName"],
        _ => &[],
    }
}

/// The digest of a page's users, which stands in the page in their place.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DigestMessage<'a> {
    /// The host's number of the page.
    page: u32,
    /// How many users the page has.
    count: usize,
    /// The values in all users of each member that was asked for, with a comma between two, and nothing where the member is absent or null;
    /// one value where all users have the same.
    #[serde(borrow)]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<String>"))]
    columns: Vec<Text<'a>>,
    /// The names of the members that are neither text nor null in any user.
    #[cfg_attr(feature = "schema", schemars(with = "Vec<String>"))]
    others: Vec<Text<'a>>,
}

/// The users of a page, by what a list decides by. Its JSON tells the host which of them the list yields.
#[derive(Debug, Clone)]
pub struct PageDigest {
    page: u32,
    /// How many users the page has.
    of: usize,
    rows: Vec<Row>,
    /// User principal names by the places of their users; after [`Users::with_former_names`] those alone that they had before.
    names: Vec<(usize, String)>,
}

/// A user. Of plain numbers, so that a page of them is made and dropped at once.
#[derive(Debug, Clone, Copy)]
struct Row {
    /// Its place in the page.
    place: usize,
    id: Option<ObjectId>,
    /// Whether its type is an agent user's; none where it does not say its type.
    is_of_type: Option<bool>,
    has_parent: bool,
}

impl PageDigest {
    /// The digest of a message; none where a member is of another kind than in Graph.
    fn of(message: &DigestMessage<'_>) -> Option<Self> {
        let DigestMessage { page, count, columns, others } = message;
        // As where a page is read here: a page whose text is not text did not come from Graph.
        if others.iter().any(|Text(name)| Field::of(name).is_some()) {
            return None;
        }
        let mut columns = columns.iter().map(|Text(column)| Column::of(column));
        let (mut ids, mut types) = (columns.next()?, columns.next()?);
        let mut absent = || columns.next().unwrap_or(Column::All(""));
        let (mut parents, mut names) = (absent(), absent());
        let of_all = types.of_all().map(is_of_type);
        let (mut rows, mut named) = (Vec::new(), Vec::new());
        let most = (*count).min(MOST_ENTRIES + 1);
        for place in 0..most {
            let (id, of_type) = (object_id(ids.next()?)?, types.next()?);
            let is_of_type = of_all.unwrap_or_else(|| is_of_type(of_type));
            let has_parent = object_id(parents.next()?)?.is_some();
            rows.push(Row { place, id, is_of_type, has_parent });
            if let Some(name) = some(names.next()?) {
                named.push((place, name.to_owned()));
            }
        }
        let is_whole = most < *count || ![ids, types, parents, names].into_iter().any(Column::goes_on);
        is_whole.then_some(Self { page: *page, of: *count, rows, names: named })
    }

    /// The id of the user at a place, where the list yields it.
    fn id(&self, place: usize) -> Option<ObjectId> {
        let at = self.rows.binary_search_by_key(&place, |row| row.place).ok()?;
        self.rows.get(at)?.id
    }
}

/// The values of a member in the users of a page, in their order.
enum Column<'a> {
    Each(Split<'a, char>),
    All(&'a str),
}

impl<'a> Column<'a> {
    fn of(text: &'a str) -> Self {
        if text.contains(',') { Self::Each(text.split(',')) } else { Self::All(text) }
    }

    /// The value that all users have.
    fn of_all(&self) -> Option<&'a str> {
        if let Self::All(value) = self { Some(value) } else { None }
    }

    /// Whether there are values of more users than those that were taken.
    fn goes_on(self) -> bool {
        if let Self::Each(mut values) = self { values.next().is_some() } else { false }
    }

    /// The value of the next user; none at the end.
    fn next(&mut self) -> Option<&'a str> {
        if let Self::Each(values) = self { values.next() } else { self.of_all() }
    }
}

/// Whether a type is an agent user's; none where it is absent.
fn is_of_type(kind: &str) -> Option<bool> {
    some(kind).map(is_agent_user_type)
}

/// A value; none where it is absent.
fn some(value: &str) -> Option<&str> {
    (!value.is_empty()).then_some(value)
}

/// The id that a value is; an inner none where it is absent.
fn object_id(value: &str) -> Option<Option<ObjectId>> {
    some(value).map(str::parse).transpose().ok()
}

impl Entries for PageDigest {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let message = DigestMessage::deserialize(deserializer)?;
        Self::of(&message).ok_or_else(|| D::Error::custom("a page that did not come from Graph"))
    }

    fn count(&self) -> usize {
        self.rows.len()
    }
}

impl Users for PageDigest {
    fn only(mut self, set: UserSet, found: &mut Found) -> (Self, usize) {
        let before = found.len();
        self.rows.retain(|row| {
            // A user without an id can't be named in any other call.
            row.id.is_some_and(|id| found.insert(id.as_u128())) && set.takes(row.is_of_type, row.has_parent)
        });
        (self, found.len().saturating_sub(before))
    }

    fn with_former_names(mut self) -> Self {
        let named = std::mem::take(&mut self.names).into_iter();
        let former =
            |(place, name): (usize, String)| Some((place, former_name(self.id(place)?, &name)?.to_owned()));
        self.names = named.filter_map(former).collect();
        self
    }
}

/// The users of a page that a list yields, and how they are shown.
#[cfg(feature = "schema")]
#[derive(schemars::JsonSchema)]
#[allow(dead_code)]
pub(super) struct KeptMessage {
    /// The host's number of the page.
    page: u32,
    /// Their places in it, from 0; absent where it is all of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    rows: Option<Vec<usize>>,
    /// The user principal names that users had before they were deleted, by the places of the users.
    names: Vec<(usize, String)>,
}

impl Serialize for PageDigest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut kept = serializer.serialize_struct("Kept", 3)?;
        kept.serialize_field("page", &self.page)?;
        if self.rows.len() < self.of {
            kept.serialize_field("rows", &self.rows.iter().map(|row| row.place).collect::<Vec<_>>())?;
        }
        kept.serialize_field("names", &self.names)?;
        kept.end()
    }
}
