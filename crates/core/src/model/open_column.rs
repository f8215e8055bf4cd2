//! Open members in tables, where every value is a text.

use super::open_member::is_open;
use super::{MemberValue, OpenMember};
use crate::validate::{RuleCode, Violation, date_time};

/// The types that a text can be read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Type {
    Text,
    Moment,
    Flag,
    /// A whole number of 32 bits, or of 64.
    Number(u8),
}

/// The heading of an open member in a table, or its name in a flag: its path and, where its values are not text, `:` and
/// a type, such as `customSecurityAttributes.Engineering.NumVendors:Int32`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenColumn {
    member: OpenMember,
    of: Type,
    is_list: bool,
}

impl OpenColumn {
    /// Reads a heading. None when it names another member, or none.
    #[must_use]
    pub fn parse(heading: &str) -> Option<Result<Self, Violation>> {
        is_open(heading).then(|| Self::read(heading))
    }

    fn read(heading: &str) -> Result<Self, Violation> {
        let (path, written) = heading.split_once(':').unwrap_or((heading, "String"));
        let member =
            OpenMember::parse(path.trim()).map_err(|violation| violation.of_field(heading.to_owned()))?;
        let written = written.trim();
        let item = written.strip_prefix("Collection(").and_then(|written| written.strip_suffix(')'));
        let of = match item.unwrap_or(written) {
            "String" | "Binary" => Type::Text,
            "DateTime" => Type::Moment,
            "Boolean" => Type::Flag,
            "Integer" | "Int32" => Type::Number(32),
            "LargeInteger" => Type::Number(64),
            _ => {
                return Err(Violation::new(
                    RuleCode::UnknownColumn,
                    heading.to_owned(),
                    format!("{written:?} is not a type of values."),
                    "Use String, Boolean, Integer, Int32, LargeInteger, DateTime or Binary, or Collection() around one \
                     of them.",
                ));
            }
        };
        Ok(Self { member, of, is_list: item.is_some() })
    }

    /// The member.
    #[must_use]
    pub fn member(&self) -> &OpenMember {
        &self.member
    }

    /// The value that a text stands for; the values of a collection are separated by semicolons.
    ///
    /// # Errors
    /// When it is not of the type.
    pub fn value(&self, text: &str) -> Result<MemberValue, Violation> {
        let wrong = |expected: &str| {
            let message = format!("{text:?} is not {expected}.");
            let fix = "Change it, or the type behind the colon of the name.";
            Violation::new(RuleCode::WrongKind, self.member.to_string(), message, fix)
        };
        let items = || text.split(';').map(str::trim).filter(|item| !item.is_empty());
        let number = |bits: u8, item: &str| {
            let number = item.trim().parse::<i64>().ok();
            let number = number.filter(|number| bits == 64 || i32::try_from(*number).is_ok());
            number.ok_or_else(|| wrong(&format!("a whole number of {bits} bits")))
        };
        Ok(match (self.of, self.is_list) {
            (Type::Number(bits), false) => MemberValue::Number(number(bits, text)?),
            (Type::Number(bits), true) => {
                MemberValue::Numbers(items().map(|item| number(bits, item)).collect::<Result<_, _>>()?)
            }
            (Type::Flag, false) if text.trim().eq_ignore_ascii_case("true") => MemberValue::Flag(true),
            (Type::Flag, false) if text.trim().eq_ignore_ascii_case("false") => MemberValue::Flag(false),
            (Type::Flag, _) => return Err(wrong("true or false")),
            (of, is_list) => {
                let moments = if is_list { items().collect() } else { vec![text.trim()] };
                if of == Type::Moment && moments.iter().any(|moment| date_time::parse(moment).is_none()) {
                    return Err(wrong("a date and time with its zone, such as 2026-01-31T00:00:00Z"));
                }
                match is_list {
                    true => MemberValue::Texts(items().map(str::to_owned).collect()),
                    false => MemberValue::Text(text.to_owned()),
                }
            }
        })
    }
}
