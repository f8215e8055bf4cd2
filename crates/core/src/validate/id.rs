//! Object ids as a person writes them.

use super::{RuleCode, Violation, not_a_value};
use crate::ObjectId;
use crate::any_case;
use crate::plain::{is_hidden, plain};

/// Reads an object id; the violation names the field and, where the intended id is plain, the fix spells it out.
///
/// # Errors
/// `Required` for an empty text, `NotAnObjectId` for one that is not a GUID with hyphens (docs/graph.md#create: an object
/// id, not an application id, which has the same form).
pub fn object_id(field: &'static str, text: &str) -> Result<ObjectId, Violation> {
    guid(field, "an object id", text).map_err(|violation| match violation.code {
        RuleCode::NotAnObjectId => {
            let message = format!("{:?} is {}.", text.trim(), crate::InvalidId);
            Violation { message: plain(message.into()).into_owned(), ..violation }
        }
        _ => violation,
    })
}

/// The same for any GUID; `what` names it in the message, such as "an object id". The text is not repeated: it may be a
/// secret in the wrong place.
pub(crate) fn guid(field: &'static str, what: &str, text: &str) -> Result<ObjectId, Violation> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Violation::required(field));
    }
    if let Some(no_value) = not_a_value(text, field) {
        return Err(no_value);
    }
    text.parse().map_err(|_: crate::InvalidId| {
        let fix = meant(text).map_or_else(
            || format!("Use {what} such as 0f3cb4e1-2e2c-4f0d-9b6e-0a1b2c3d4e5f."),
            |id| format!("Use {id}."),
        );
        let message = format!("It is not {what}: expected 32 hexadecimal digits as 8-4-4-4-12.");
        let violation = Violation::new(RuleCode::NotAnObjectId, field, message, fix);
        match stray(text) {
            Some(position) => violation.at(position),
            None => violation,
        }
    })
}

/// The first character that does not fit `8-4-4-4-12`; none where the text only ends too early.
fn stray(text: &str) -> Option<usize> {
    text.chars().enumerate().find_map(|(position, c)| {
        let fits = match position {
            8 | 13 | 18 | 23 => c == '-',
            _ => position < 36 && c.is_ascii_hexdigit(),
        };
        (!fits).then_some(position)
    })
}

/// Quotes, braces and dashes, which word processors write in other forms, too.
const AROUND: &str = "-‐‑‒–—−{}()[]<>\"'`“”„‘’";

/// The id inside braces, a URN, quotes, white space, with characters that nobody sees, or without its hyphens.
fn meant(text: &str) -> Option<ObjectId> {
    let is_around = |c: char| AROUND.contains(c) || c.is_whitespace() || is_hidden(c);
    let text = text.trim();
    let text = any_case::strip_prefix(text, "urn:uuid:").unwrap_or(text);
    let digits: String = text.chars().filter(|c| !is_around(*c)).collect();
    let hex = digits.len() == 32 && digits.bytes().all(|b| b.is_ascii_hexdigit());
    if hex { u128::from_str_radix(&digits, 16).ok().map(ObjectId::from_u128) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0f3cb4e1-2e2c-4f0d-9b6e-0a1b2c3d4e5f";

    #[test]
    fn ids_and_what_was_meant() {
        assert_eq!(object_id("identityParentId", ID).unwrap().to_string(), ID);
        assert_eq!(object_id("identityParentId", &format!(" {ID}\n")).unwrap().to_string(), ID);
        assert_eq!(object_id("identityParentId", " ").unwrap_err().code, RuleCode::Required);
        for (text, position) in [
            (format!("{{{ID}}}"), Some(0)),
            (ID.replace('-', ""), Some(8)),
            (format!("urn:uuid:{ID}"), Some(0)),
            (format!("URN:UUID:{ID}"), Some(0)),
            (ID.replace('-', "–"), Some(8)),
            (ID.replace('-', "\u{2011}"), Some(8)),
            (format!("“{ID}”"), Some(0)),
            (format!("{ID}\u{200b}"), Some(36)),
        ] {
            let broken = object_id("identityParentId", &text).unwrap_err();
            assert_eq!((broken.code, broken.position), (RuleCode::NotAnObjectId, position), "{text}");
            assert_eq!(broken.fix, format!("Use {ID}."), "{text}");
        }
        let broken = object_id("identityParentId", "0f3cb4e1-").unwrap_err();
        assert_eq!((broken.position, broken.fix.starts_with("Use an object id")), (None, true));
    }
}
