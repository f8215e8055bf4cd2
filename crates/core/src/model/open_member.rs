//! Members that are written by their path: extension properties, the parts of `employeeOrgData`, custom security attributes
//! and the properties of schema extensions (docs/graph.md#open-members).

use super::MemberValue;
use crate::any_case;
use crate::validate::{RuleCode, Violation, date_time, nearest_name, not_a_value};
use serde_json::{Map, Value};
use std::fmt;

const ORG_DATA: &str = "employeeOrgData";
const SECURITY_ATTRIBUTES: &str = "customSecurityAttributes";
const EXTENSION: &str = "extension_";
const PARTS_OF_ORG_DATA: [&str; 2] = ["division", "costCenter"];
const TYPE: &str = "@odata.type";

/// The kinds of members that have a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Extension,
    OrgData,
    SecurityAttribute,
    SchemaExtension,
}

impl Kind {
    /// The kind of a property of an agent user, by its name.
    fn of(property: &str) -> Option<Self> {
        let is = |name: &str| property.eq_ignore_ascii_case(name);
        if is(ORG_DATA) {
            Some(Self::OrgData)
        } else if is(SECURITY_ATTRIBUTES) {
            Some(Self::SecurityAttribute)
        } else if any_case::strip_prefix(property, EXTENSION).is_some() {
            Some(Self::Extension)
        } else if property.contains('_') && is_word(property) {
            Some(Self::SchemaExtension)
        } else {
            None
        }
    }

    /// The number of names in a whole path.
    const fn depth(self) -> usize {
        match self {
            Self::Extension => 1,
            Self::OrgData | Self::SchemaExtension => 2,
            Self::SecurityAttribute => 3,
        }
    }
}

/// A member of an agent user by its path: `extension_{application id without hyphens}_{name}`,
/// `employeeOrgData.costCenter`, `customSecurityAttributes.{set}.{attribute}`, or `{schema extension}.{property}`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OpenMember(Box<str>);

impl OpenMember {
    /// Reads a path.
    ///
    /// # Errors
    /// The rule that it breaks: what begins like such a member is none, or is not whole.
    pub fn parse(path: &str) -> Result<Self, Violation> {
        let broken = |message: String, fix: String| {
            Violation::new(RuleCode::UnknownColumn, path.to_owned(), message, fix)
        };
        let names: Vec<&str> = path.split('.').collect();
        let property = names.first().copied().unwrap_or_default();
        let rest = names.get(1..).unwrap_or_default();
        let Some(kind) = Kind::of(property) else {
            let message =
                format!("{path:?} is not the path of an extension property or a custom security attribute.");
            return Err(broken(message, "Remove it, or use one of Graph's property names.".to_owned()));
        };
        match (kind, rest) {
            (Kind::Extension, []) => match extension(property) {
                Some(name) => Ok(Self(name.into())),
                None => Err(broken(
                    format!("{path:?} is not the name of an extension property."),
                    "Write extension_, the id of its application without hyphens, _ and its name.".to_owned(),
                )),
            },
            (Kind::OrgData, [part]) => {
                match PARTS_OF_ORG_DATA.iter().find(|known| known.eq_ignore_ascii_case(part)) {
                    Some(part) => Ok(Self(format!("{ORG_DATA}.{part}").into())),
                    None => {
                        let nearest = nearest_name(part, PARTS_OF_ORG_DATA.into_iter());
                        let fix = match nearest {
                            Some(nearest) => format!("Rename it to {ORG_DATA}.{nearest}, or remove it."),
                            None => format!("Use {ORG_DATA}.division or {ORG_DATA}.costCenter."),
                        };
                        Err(broken(format!("{ORG_DATA} has no member {part:?}."), fix))
                    }
                }
            }
            (Kind::SecurityAttribute, [set, attribute]) if is_word(set) && is_word(attribute) => {
                Ok(Self(format!("{SECURITY_ATTRIBUTES}.{set}.{attribute}").into()))
            }
            (Kind::SchemaExtension, [name]) if is_word(name) => Ok(Self(path.into())),
            (Kind::SchemaExtension, []) => {
                let message =
                    format!("{path:?} is neither a member of an agent user nor an extension property.");
                let fix = "Use one of Graph's property names; of a schema extension, name the property behind a \
                           full stop.";
                Err(broken(message, fix.to_owned()))
            }
            _ => Err(broken(format!("{path:?} is not a whole path."), kind.whole_path())),
        }
    }

    /// The members in a member of a JSON object: a whole path, or a property with objects below it. Null clears.
    /// Annotations of types are checked and left out, because they follow from the values.
    ///
    /// # Errors
    /// Every rule that it breaks.
    pub(crate) fn read(path: &str, value: Value) -> Result<Vec<(Self, MemberValue)>, Vec<Violation>> {
        let property = path.split('.').next().unwrap_or_default();
        let depth = path.split('.').count();
        match (Kind::of(property), value) {
            (Some(kind), Value::Object(members)) if depth < kind.depth() => Self::read_below(path, members),
            (Some(Kind::OrgData), Value::Null) if depth == 1 => {
                let part = |part: &str| Self::parse(&format!("{ORG_DATA}.{part}")).ok();
                let parts = PARTS_OF_ORG_DATA.into_iter().filter_map(part);
                Ok(parts.map(|part| (part, MemberValue::Null)).collect())
            }
            (Some(kind), value) if depth < kind.depth() && kind != Kind::SchemaExtension => {
                let message = format!("The value is {} where an object is expected.", kind_of(&value));
                Err(vec![Violation::new(RuleCode::WrongKind, path.to_owned(), message, kind.whole_path())])
            }
            (_, value) => {
                let member = Self::parse(path).map_err(|violation| vec![violation])?;
                let value = member.value(value).map_err(|violation| vec![violation])?;
                Ok(vec![(member, value)])
            }
        }
    }

    fn read_below(
        path: &str,
        members: Map<String, Value>,
    ) -> Result<Vec<(Self, MemberValue)>, Vec<Violation>> {
        let mut found = Vec::new();
        let mut broken = Vec::new();
        for (name, value) in &members {
            if let Some(attribute) = name.strip_suffix(TYPE)
                && let (Some(given), Some(value)) = (value.as_str(), members.get(attribute))
                && !fits(given, value)
            {
                let message = format!("The value is {}, but {name} is {given:?}.", kind_of(value));
                let fix = format!("Leave {name} out, or give a value of that type.");
                let field = format!("{path}.{attribute}");
                broken.push(Violation::new(RuleCode::WrongKind, field, message, fix));
            }
        }
        for (name, value) in members {
            if name.contains('@') {
                continue;
            }
            match Self::read(&format!("{path}.{name}"), value) {
                Ok(members) => found.extend(members),
                Err(violations) => broken.extend(violations),
            }
        }
        if broken.is_empty() { Ok(found) } else { Err(broken) }
    }

    /// A JSON value as the value of this member.
    fn value(&self, value: Value) -> Result<MemberValue, Violation> {
        let wrong = |is: &str| {
            let fix =
                "Use text, a whole number, true, false, null, or an array of texts or of whole numbers.";
            Violation::new(RuleCode::WrongKind, self.0.to_string(), format!("The value is {is}."), fix)
        };
        Ok(match value {
            Value::Null => MemberValue::Null,
            Value::Bool(flag) => MemberValue::Flag(flag),
            Value::String(text) => MemberValue::Text(text),
            Value::Number(number) => MemberValue::Number(
                number.as_i64().ok_or_else(|| wrong("a number that is not whole or too large"))?,
            ),
            Value::Array(values) => {
                let texts: Option<Vec<_>> =
                    values.iter().map(|value| value.as_str().map(str::to_owned)).collect();
                let numbers = || values.iter().map(Value::as_i64).collect::<Option<Vec<_>>>();
                match texts {
                    Some(texts) => MemberValue::Texts(texts),
                    None => MemberValue::Numbers(
                        numbers().ok_or_else(|| wrong("an array of values of other kinds"))?,
                    ),
                }
            }
            Value::Object(_) => return Err(wrong("an object")),
        })
    }

    fn kind(&self) -> Kind {
        Kind::of(self.property()).unwrap_or(Kind::Extension)
    }

    /// Its path.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.0
    }

    /// The property of the agent user that it is or that holds it, which `$select` names.
    #[must_use]
    pub fn property(&self) -> &str {
        property(&self.0)
    }

    /// Its value in an object; null where it has none.
    pub(crate) fn of<'a>(&self, members: &'a Map<String, Value>) -> &'a Value {
        at(&self.0, members).unwrap_or(&Value::Null)
    }

    /// Whether Graph writes the property as a whole, so that what it has beside this member must be sent, too
    /// (docs/graph.md#open-members).
    pub(super) fn is_written_whole(&self) -> bool {
        self.kind() == Kind::OrgData
    }

    /// Whether it is a custom security attribute, which an update assigns (docs/graph.md#open-members).
    pub(super) fn is_security_attribute(&self) -> bool {
        self.kind() == Kind::SecurityAttribute
    }

    /// Writes its value into the body of a request, with the types that Graph asks for.
    pub(super) fn put(&self, body: &mut Map<String, Value>, value: &MemberValue) {
        let mut names: Vec<&str> = self.0.split('.').collect();
        let last = names.pop().unwrap_or_default();
        let mut object = body;
        for name in &names {
            let inner = object.entry(*name).or_insert_with(|| Value::Object(Map::new()));
            let Value::Object(inner) = inner else { return };
            object = inner;
        }
        if self.kind() == Kind::SecurityAttribute {
            object
                .insert(TYPE.to_owned(), "#Microsoft.DirectoryServices.CustomSecurityAttributeValue".into());
            if let Some(of) = annotation(value) {
                object.insert(format!("{last}{TYPE}"), of.into());
            }
        }
        object.insert(last.to_owned(), value.into());
    }

    /// Checks a value by what is documented of its kind (docs/graph.md#open-members).
    pub(super) fn check(&self, value: MemberValue) -> Result<MemberValue, Vec<Violation>> {
        let broken = |code, message: &str, fix: &str| Violation::new(code, self.0.to_string(), message, fix);
        let kind = self.kind();
        let is_small = |number: &i64| i32::try_from(*number).is_ok();
        let fits = match (kind, &value) {
            (_, MemberValue::Null | MemberValue::Text(_)) => true,
            (Kind::OrgData, _) => {
                return Err(vec![broken(RuleCode::WrongKind, "The value is not a text.", "Give one text.")]);
            }
            (Kind::SecurityAttribute, MemberValue::Number(number)) => is_small(number),
            (Kind::SecurityAttribute, MemberValue::Numbers(numbers)) => numbers.iter().all(is_small),
            _ => true,
        };
        if !fits {
            let message = "The number does not fit a custom security attribute, which holds 32 bits.";
            return Err(vec![broken(RuleCode::WrongKind, message, "Use a smaller number.")]);
        }
        let texts = match &value {
            MemberValue::Text(text) => std::slice::from_ref(text),
            MemberValue::Texts(texts) => texts.as_slice(),
            _ => &[],
        };
        let violations: Vec<_> = texts.iter().flat_map(|text| self.check_text(kind, text)).collect();
        if violations.is_empty() { Ok(value) } else { Err(violations) }
    }

    fn check_text(&self, kind: Kind, text: &str) -> Vec<Violation> {
        /// The most characters of a text in an extension property; those of base64 of 256 bytes.
        const MOST: (usize, usize) = (256, 344);
        let broken =
            |code, message: String, fix: String| vec![Violation::new(code, self.0.to_string(), message, fix)];
        if let Some(no_value) = not_a_value(text, "") {
            return vec![no_value.of_field(self.0.to_string())];
        }
        if text.trim().is_empty() {
            let fix = format!("Give {self} a text with visible characters, or leave it out.");
            return broken(RuleCode::Blank, "The value is empty or only white space.".to_owned(), fix);
        }
        if let Some(control) = text.chars().find(|c| c.is_control() && !matches!(c, '\r' | '\n')) {
            let message = format!("The value contains the control character {control:?}.");
            return broken(RuleCode::ControlCharacter, message, format!("Remove {control:?}."));
        }
        let length = text.chars().count();
        let is_base64 = || {
            let digits = text.trim_end_matches('=');
            length.is_multiple_of(4)
                && length <= MOST.1
                && digits.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
        };
        if kind == Kind::Extension && length > MOST.0 && !is_base64() {
            let message = format!("The value has {length} characters; at most {} are allowed.", MOST.0);
            return broken(RuleCode::ValueTooLong, message, format!("Shorten it by {}.", length - MOST.0));
        }
        Vec::new()
    }

    /// Whether two texts of it are the same value: Graph keeps the dates of extension properties in UTC.
    pub(super) fn is_same_text(&self, wanted: &str, current: &str) -> bool {
        let moment = date_time::parse;
        wanted == current
            || (self.kind() == Kind::Extension
                && moment(wanted).is_some_and(|wanted| Some(wanted) == moment(current)))
    }
}

impl Kind {
    /// How a whole path of this kind is written.
    fn whole_path(self) -> String {
        match self {
            Self::Extension => {
                "Write extension_, the id of its application without hyphens, _ and its name.".to_owned()
            }
            Self::OrgData => format!("Name {ORG_DATA}.division or {ORG_DATA}.costCenter."),
            Self::SecurityAttribute => format!("Name {SECURITY_ATTRIBUTES}, the set and the attribute."),
            Self::SchemaExtension => "Name the schema extension and one of its properties.".to_owned(),
        }
    }
}

impl fmt::Display for OpenMember {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The property that a path begins with.
pub(crate) fn property(path: &str) -> &str {
    path.split('.').next().unwrap_or_default()
}

/// The value at a path. Graph's own spelling of a name may have another letter case.
pub(crate) fn at<'a>(path: &str, members: &'a Map<String, Value>) -> Option<&'a Value> {
    let mut names = path.split('.');
    let get = |object: &'a Map<String, Value>, name: &str| {
        let any_case =
            || object.iter().find(|(has, _)| has.eq_ignore_ascii_case(name)).map(|(_, value)| value);
        object.get(name).or_else(any_case)
    };
    let first = get(members, names.next()?)?;
    names.try_fold(first, |value, name| get(value.as_object()?, name))
}

/// Whether a name is that of a property that only open members have, in any letter case: its errors are then those of
/// [`OpenMember`]. A name with an underscore alone may be a declared name that was spelled in another way.
pub(crate) fn is_open(path: &str) -> bool {
    let property = property(path.split(':').next().unwrap_or_default());
    match Kind::of(property) {
        Some(Kind::SchemaExtension) => path.contains('.'),
        kind => kind.is_some(),
    }
}

/// The properties that hold open members, for suggestions.
pub(crate) const OPEN_PROPERTIES: [&str; 4] =
    ["employeeOrgData.division", "employeeOrgData.costCenter", ORG_DATA, SECURITY_ATTRIBUTES];

/// Whether a name can be that of a schema extension: `{domain}_{name}`.
pub(crate) fn is_schema_extension(name: &str) -> bool {
    Kind::of(name) == Some(Kind::SchemaExtension)
}

fn is_word(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// The name of an extension property with its prefix as Graph spells it, if it is one: 32 digits of the application's id,
/// then its own name.
fn extension(name: &str) -> Option<String> {
    let (id, own) = any_case::strip_prefix(name, EXTENSION)?.split_once('_')?;
    let is_id = id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    (is_id && is_word(own)).then(|| format!("{EXTENSION}{}_{own}", id.to_ascii_lowercase()))
}

/// The annotation that Graph asks for beside a custom security attribute: documented for whole numbers and collections.
fn annotation(value: &MemberValue) -> Option<&'static str> {
    match value {
        MemberValue::Number(_) => Some("#Int32"),
        MemberValue::Numbers(_) => Some("#Collection(Int32)"),
        MemberValue::Texts(texts) if !texts.is_empty() => Some("#Collection(String)"),
        _ => None,
    }
}

/// Whether a value is of an annotated type. Types that are not known are Graph's to judge.
fn fits(annotation: &str, value: &Value) -> bool {
    let all = |is: fn(&Value) -> bool| value.as_array().is_some_and(|values| values.iter().all(is));
    value.is_null()
        || match annotation {
            "#Int32" => value.is_i64(),
            "#String" => value.is_string(),
            "#Boolean" => value.is_boolean(),
            "#Collection(Int32)" => all(Value::is_i64),
            "#Collection(String)" => all(Value::is_string),
            _ => true,
        }
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}
