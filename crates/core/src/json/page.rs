//! A page of agent users as Graph sent them: their texts, and the places of the members in these.

use super::fields::Field;
use crate::ObjectId;
use crate::flow::{Found, UserSet, Users};
use crate::model::{AgentUser, Entries, former_name, is_agent_user_type, read_bounded};
use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// A page of agent users. Only texts with escapes and members without a number are copied out of the text.
#[derive(Clone)]
pub struct UserPage {
    /// The JSON array, each object verbatim.
    text: String,
    /// Copies of members that `text` does not hold as one plain slice.
    beside: String,
    rows: Vec<Row>,
}

#[derive(Debug, Clone)]
struct Row {
    record: Span,
    id: Option<ObjectId>,
    fields: [Span; Field::COUNT],
    account_enabled: Option<bool>,
}

/// A stretch of `text`, or of `beside`. A page is far smaller than 4 GiB: hosts bound the size of an answer.
#[derive(Debug, Clone, Copy)]
enum Span {
    Absent,
    Text(u32, u32),
    Beside(u32, u32),
}

impl UserPage {
    /// Reads a JSON array of users.
    ///
    /// # Errors
    /// When it is not an array of objects and nulls, or a member that has a number is not text.
    pub fn parse(array: &str) -> Result<Self, serde_json::Error> {
        let mut reader = serde_json::Deserializer::from_str(array);
        let records = read_bounded(&mut reader)?;
        reader.end()?;
        Self::of_records(&records)
    }

    /// The page of these records. They are copied one by one, because the array around them has no place in the answer that a reader names
    /// without going through all of it once more.
    fn of_records(records: &[&RawValue]) -> Result<Self, serde_json::Error> {
        let length = records.iter().map(|raw| raw.get().len() + 1).sum::<usize>() + 1;
        let rows = Vec::with_capacity(records.len());
        let mut page = Self { text: String::with_capacity(length), beside: String::new(), rows };
        page.text.push('[');
        for raw in records {
            if !page.rows.is_empty() {
                page.text.push(',');
            }
            let record: Option<Record<'_>> = serde_json::from_str(raw.get())?;
            let row = page.row(raw.get(), record.unwrap_or_default()).ok_or_else(|| {
                serde_json::Error::custom("an id that is not an object id, or a page that is too large")
            })?;
            page.rows.push(row);
        }
        page.text.push(']');
        Ok(page)
    }

    /// A page of this one user.
    pub(super) fn of_one(user: &AgentUser) -> Option<Self> {
        Self::parse(&super::text::write(&[user])).ok()
    }

    /// Appends a record, and finds its members.
    fn row(&mut self, raw: &str, record: Record<'_>) -> Option<Row> {
        let start = self.text.len();
        self.text.push_str(raw);
        let mut fields = [Span::Absent; Field::COUNT];
        for (place, text) in fields.iter_mut().zip(record.fields) {
            *place = match text {
                None => Span::Absent,
                Some(Cow::Borrowed(text)) => within(raw, text, start)?,
                Some(Cow::Owned(text)) => self.beside(&text)?,
            };
        }
        if !record.other.is_empty() {
            let mut object = String::from("{");
            for (name, value) in record.other {
                if object.len() > 1 {
                    object.push(',');
                }
                object.push_str(&super::text::write(name.as_ref()));
                object.push(':');
                object.push_str(value.get());
            }
            object.push('}');
            *fields.get_mut(Field::Other.number())? = self.beside(&object)?;
        }
        // As in the typed model, an id is a GUID: a page with another id did not come from Graph.
        let read = |field: Field| {
            let text = fields.get(field.number()).and_then(|span| self.slice(*span));
            text.map(str::parse::<ObjectId>).transpose().ok()
        };
        let id = read(Field::Id)?;
        read(Field::IdentityParentId)?;
        Some(Row { record: within(raw, raw, start)?, id, fields, account_enabled: record.account_enabled })
    }

    fn beside(&mut self, text: &str) -> Option<Span> {
        let start = u32::try_from(self.beside.len()).ok()?;
        self.beside.push_str(text);
        Some(Span::Beside(start, u32::try_from(text.len()).ok()?))
    }

    fn slice(&self, span: Span) -> Option<&str> {
        let (text, start, length) = match span {
            Span::Absent => return None,
            Span::Text(start, length) => (&*self.text, start, length),
            Span::Beside(start, length) => (self.beside.as_str(), start, length),
        };
        let start = usize::try_from(start).ok()?;
        text.get(start..start.checked_add(usize::try_from(length).ok()?)?)
    }

    /// How many users it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The JSON array, of which each object is verbatim.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The JSON object of one row, verbatim.
    #[must_use]
    pub fn record(&self, row: usize) -> Option<&str> {
        self.slice(self.rows.get(row)?.record)
    }

    /// A text member of one row; none where it is absent or null.
    #[must_use]
    pub fn field(&self, row: usize, field: Field) -> Option<&str> {
        self.slice(*self.rows.get(row)?.fields.get(field.number())?)
    }

    /// `accountEnabled` of one row.
    #[must_use]
    pub fn account_enabled(&self, row: usize) -> Option<bool> {
        self.rows.get(row)?.account_enabled
    }

    fn id(&self, row: usize) -> Option<ObjectId> {
        self.rows.get(row)?.id
    }

    /// The same with these records alone, which have been read before.
    fn of<T: AsRef<str>>(records: &[T]) -> Self {
        let records: Vec<&str> = records.iter().map(AsRef::as_ref).collect();
        Self::parse(&format!("[{}]", records.join(","))).unwrap_or_else(|_| Self {
            text: "[]".to_owned(),
            beside: String::new(),
            rows: Vec::new(),
        })
    }
}

impl Users for UserPage {
    fn only(self, set: UserSet, found: &mut Found) -> (Self, usize) {
        let before = found.len();
        let kept: Vec<usize> = (0..self.len())
            .filter(|row| {
                let has_parent = self.field(*row, Field::IdentityParentId).is_some();
                // A user without an id can't be named in any other call.
                self.id(*row).is_some_and(|id| found.insert(id.as_u128()))
                    && set.takes(self.field(*row, Field::OdataType).map(is_agent_user_type), has_parent)
            })
            .collect();
        let new = found.len().saturating_sub(before);
        if kept.len() == self.len() {
            return (self, new);
        }
        let records: Vec<&str> = kept.into_iter().filter_map(|row| self.record(row)).collect();
        (Self::of(&records), new)
    }

    fn with_former_names(self) -> Self {
        let former = |row| former_name(self.id(row)?, self.field(row, Field::UserPrincipalName)?);
        if (0..self.len()).all(|row| former(row).is_none()) {
            return self;
        }
        let record = |row| {
            let record = self.record(row)?;
            Some(former(row).map_or_else(|| record.into(), |name| renamed(record, name).into()))
        };
        let records: Vec<Cow<'_, str>> = (0..self.len()).filter_map(record).collect();
        Self::of(&records)
    }
}

/// A user's JSON object with another user principal name.
fn renamed(record: &str, name: &str) -> String {
    let members: Members<'_> = serde_json::from_str(record).unwrap_or_default();
    let member = |(member, value): &(Cow<'_, str>, &RawValue)| {
        let own = member == Field::UserPrincipalName.name();
        let value = if own { super::text::write(name) } else { value.get().to_owned() };
        format!("{}:{value}", super::text::write(member.as_ref()))
    };
    format!("{{{}}}", members.0.iter().map(member).collect::<Vec<_>>().join(","))
}

impl Entries for UserPage {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let records: Vec<&RawValue> = read_bounded(deserializer)?;
        Self::of_records(&records).map_err(D::Error::custom)
    }

    fn count(&self) -> usize {
        self.len()
    }
}

impl fmt::Debug for UserPage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UserPage").field("users", &self.len()).finish_non_exhaustive()
    }
}

/// The place of a part of a record that begins there in the page's text.
fn within(text: &str, part: &str, record: usize) -> Option<Span> {
    let start = (part.as_ptr() as usize).checked_sub(text.as_ptr() as usize)?;
    // A slice of another text may have such an address, but it is not found there.
    text.get(start..start.checked_add(part.len())?).filter(|found| std::ptr::eq(*found, part))?;
    Some(Span::Text(u32::try_from(record.checked_add(start)?).ok()?, u32::try_from(part.len()).ok()?))
}

/// The members of an object in their order.
#[derive(Default)]
struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Members<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some(Text(name)) = map.next_key()? {
                    members.push((name, map.next_value()?));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Object)
    }
}

/// One user, its members borrowed.
#[derive(Default)]
struct Record<'a> {
    fields: [Option<Cow<'a, str>>; Field::COUNT],
    account_enabled: Option<bool>,
    other: Vec<(Cow<'a, str>, &'a RawValue)>,
}

impl<'de> Deserialize<'de> for Record<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Record<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a user")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Record<'de>, A::Error> {
                let mut record = Record::default();
                while let Some(Text(name)) = map.next_key()? {
                    match Field::of(&name) {
                        Some(field) => {
                            let text: Option<Text<'de>> = map.next_value()?;
                            if let Some(place) = record.fields.get_mut(field.number()) {
                                *place = text.map(|Text(text)| text);
                            }
                        }
                        None if name == "accountEnabled" => record.account_enabled = map.next_value()?,
                        None => record.other.push((name, map.next_value()?)),
                    }
                }
                Ok(record)
            }
        }
        deserializer.deserialize_map(Object)
    }
}

/// A text, borrowed where it has no escapes.
pub(super) struct Text<'a>(pub(super) Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Text<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Any)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0f3cb4e1-2e2c-4f0d-9b6e-0a1b2c3d4e5f";

    #[test]
    fn members_are_slices_and_what_has_no_number_is_kept() {
        let text = format!(
            r#" [ {{"id":"{ID}","displayName":"Zo\u00eb \"Z\"","mail":null,"accountEnabled":true, "x\ny" : [1, {{"a":null}}],"businessPhones":[]}},{{"accountEnabled":null}} ] "#
        );
        let page = UserPage::parse(&text).unwrap();
        let array = text.replace(" [ {", "[{").replace("} ] ", "}]");
        assert_eq!((page.len(), page.text()), (2, array.as_str()));
        assert_eq!(page.field(0, Field::Id), Some(ID));
        assert_eq!(page.field(0, Field::DisplayName), Some("Zoë \"Z\""));
        assert_eq!((page.field(0, Field::Mail), page.field(0, Field::City)), (None, None));
        assert_eq!(page.account_enabled(0), Some(true));
        assert_eq!(page.field(0, Field::Other), Some(r#"{"x\ny":[1, {"a":null}],"businessPhones":[]}"#));
        assert_eq!(page.record(1), Some(r#"{"accountEnabled":null}"#));
        assert_eq!((page.account_enabled(1), page.field(1, Field::Other)), (None, None));
        assert_eq!((page.record(2), page.field(2, Field::Id), page.account_enabled(2)), (None, None, None));
    }

    #[test]
    fn what_is_no_page_of_graph_is_refused() {
        for bad in
            ["", "{}", "[1]", "[{]", r#"[{"id":7}]"#, r#"[{"id":"x"}]"#, r#"[{"accountEnabled":"yes"}]"#]
        {
            assert!(UserPage::parse(bad).is_err(), "{bad}");
        }
        assert!(UserPage::parse("[]").unwrap().is_empty());
    }

    #[test]
    fn only_agent_users_stay_once_and_verbatim() {
        let id = |n: u32| format!("0f3cb4e1-2e2c-4f0d-9b6e-{n:012}");
        let agent = format!(r##"{{ "@odata.type":"#microsoft.graph.agentUser","id":"{}" }}"##, id(1));
        let child = format!(r#"{{"identityParentId":"{ID}","id":"{}"}}"#, id(2));
        let bare = format!(r#"{{"id":"{}"}}"#, id(3));
        let human = format!(r##"{{"@odata.type":"#microsoft.graph.user","id":"{}"}}"##, id(4));
        let text = format!("[null,{agent},{human},{{}},{{\"id\":null}},{child},{agent},{bare}]");
        for (set, kept) in [
            (UserSet::AllUsers, format!("[{agent},{child}]")),
            (UserSet::AgentUsers, format!("[{agent},{child},{bare}]")),
        ] {
            let mut found = Found::default();
            let (page, new) = UserPage::parse(&text).unwrap().only(set, &mut found);
            assert_eq!((page.text(), new), (&*kept, 4));
            let (again, new) = UserPage::parse(&text).unwrap().only(set, &mut found);
            assert_eq!((again.len(), new), (0, 0));
        }
    }

    #[test]
    fn a_deleted_user_has_the_name_that_it_had_before() {
        let prefix = ID.replace('-', "");
        let record = |name: &str| format!(r#"{{"x":[1 ],"userPrincipalName":"{name}","id":"{ID}"}}"#);
        let page = |name: &str| UserPage::parse(&format!("[{}]", record(name))).unwrap().with_former_names();
        for name in [
            format!("{prefix}ada@contoso.com"),
            format!("{}ada@contoso.com", prefix.to_uppercase()),
            "ada@contoso.com".to_owned(),
            format!("{}ada@contoso.com", prefix.replacen('0', "\\u0030", 1)),
        ] {
            let page = page(&name);
            assert_eq!(page.text(), format!("[{}]", record("ada@contoso.com")));
            assert_eq!(page.field(0, Field::UserPrincipalName), Some("ada@contoso.com"));
        }
        for other in
            [format!("{}@contoso.com", prefix), format!("{}ada@contoso.com", prefix.replace('0', "1"))]
        {
            assert_eq!(page(&other).field(0, Field::UserPrincipalName), Some(&*other));
        }
    }
}
