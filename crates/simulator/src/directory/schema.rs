//! The types of Graph: which members objects have, and of which type. Those of v1.0, and the few of beta that have routes.

use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The types that the simulator knows.
pub(super) static MODEL: LazyLock<Model> = LazyLock::new(|| {
    let mut model = Model::default();
    model.read(include_str!("schema/types.txt"), false);
    model.read(include_str!("schema/beta.txt"), true);
    model
});

/// All types by name.
#[derive(Debug, Default)]
pub(super) struct Model {
    types: BTreeMap<&'static str, Type>,
}

/// The kinds of type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Kind {
    #[default]
    Entity,
    Complex,
    Enum,
}

/// A type.
#[derive(Debug, Default)]
pub(super) struct Type {
    pub(super) kind: Kind,
    pub(super) base: Option<&'static str>,
    pub(super) is_open: bool,
    /// Whether beta alone has it.
    is_beta: bool,
    pub(super) properties: Vec<Property>,
    /// The values of an enumeration.
    pub(super) values: Vec<&'static str>,
}

/// A property or relationship of a type.
#[derive(Debug, Clone, Copy)]
pub(super) struct Property {
    pub(super) name: &'static str,
    /// A primitive type, such as `Boolean`, or the name of another type.
    pub(super) of: &'static str,
    pub(super) is_list: bool,
    pub(super) is_nullable: bool,
    pub(super) is_relationship: bool,
}

impl Property {
    fn read(line: &'static str) -> Option<Self> {
        let (is_relationship, line) = match line.strip_prefix("> ") {
            Some(rest) => (true, rest),
            None => (false, line),
        };
        let (name, of) = line.split_once(' ')?;
        let (is_nullable, of) = match of.strip_suffix('?') {
            Some(of) => (true, of),
            None => (false, of),
        };
        let item = of.strip_prefix('[').and_then(|of| of.strip_suffix(']'));
        Some(Self { name, of: item.unwrap_or(of), is_list: item.is_some(), is_nullable, is_relationship })
    }
}

impl Model {
    fn read(&mut self, text: &'static str, is_beta: bool) {
        let mut name = "";
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let Some(inner) = line.strip_prefix("  ") else {
                let mut words = line.split(' ');
                let kind = match words.next() {
                    Some("complex") => Kind::Complex,
                    Some("enum") => Kind::Enum,
                    _ => Kind::Entity,
                };
                name = words.next().unwrap_or_default();
                let base = line.split_once(" : ").and_then(|(_, rest)| rest.split(' ').next());
                let is_open = line.ends_with(" open");
                let one = Type { kind, base, is_open, is_beta, ..Type::default() };
                self.types.insert(name, one);
                continue;
            };
            if let Some(one) = self.types.get_mut(name) {
                match one.kind {
                    Kind::Enum => one.values.push(inner),
                    Kind::Entity | Kind::Complex => one.properties.extend(Property::read(inner)),
                }
            }
        }
    }

    /// All types of v1.0 by name.
    pub(super) fn types(&self) -> impl Iterator<Item = (&'static str, &Type)> {
        self.types.iter().filter(|(_, one)| !one.is_beta).map(|(name, one)| (*name, one))
    }

    /// A type by its name.
    pub(super) fn get(&self, name: &str) -> Option<&Type> {
        self.types.get(name)
    }

    /// A type and those that it derives from.
    fn line(&self, name: &str) -> impl Iterator<Item = &Type> {
        let mut next = self.types.get(name);
        std::iter::from_fn(move || {
            let one = next?;
            next = one.base.and_then(|base| self.types.get(base));
            Some(one)
        })
    }

    /// A member of a type in any letter case: its own, or one of the types that it derives from.
    pub(super) fn member(&self, of: &str, name: &str) -> Option<&Property> {
        self.line(of)
            .flat_map(|one| &one.properties)
            .find(|property| property.name.eq_ignore_ascii_case(name))
    }

    /// The members of a type, those of the types that it derives from last.
    pub(super) fn properties(&self, of: &str) -> impl Iterator<Item = &Property> {
        self.line(of).flat_map(|one| &one.properties)
    }

    /// Whether a value fits a property. Null is not looked at: which members can be cleared is another rule.
    pub(super) fn fits(&self, property: &Property, value: &Value) -> bool {
        match value {
            Value::Null => true,
            Value::Array(items) => property.is_list && items.iter().all(|item| self.is_of(property.of, item)),
            one => !property.is_list && self.is_of(property.of, one),
        }
    }

    fn is_of(&self, name: &str, value: &Value) -> bool {
        let text = |sound: fn(&str) -> bool| value.as_str().is_some_and(sound);
        match name {
            "Boolean" => value.is_boolean(),
            "Int32" => value.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
            "String" | "Binary" | "TimeOfDay" => value.is_string(),
            "Guid" => text(|text| text.parse::<agentuser_core::ObjectId>().is_ok()),
            "DateTimeOffset" => text(|text| crate::clock::parse(text).is_some()),
            other => match self.types.get(other) {
                Some(one) if one.kind == Kind::Enum => value.is_string(),
                Some(one) => value.as_object().is_some_and(|object| {
                    object.iter().all(|(name, value)| match self.member(other, name) {
                        Some(property) => !property.is_relationship && self.fits(property, value),
                        None => one.is_open || name.contains('@'),
                    })
                }),
                None => true,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn members_are_found_in_the_whole_line() {
        let member = |name| MODEL.member("agentUser", name).map(|property| (property.name, property.of));
        assert_eq!(member("ID"), Some(("id", "String")));
        assert_eq!(member("accountenabled"), Some(("accountEnabled", "Boolean")));
        assert_eq!(member("deletedDateTime"), Some(("deletedDateTime", "DateTimeOffset")));
        assert_eq!(member("sessionState"), None);
        assert!(MODEL.member("user", "manager").unwrap().is_relationship);
        assert!(MODEL.member("user", "otherMails").unwrap().is_list);
        assert!(MODEL.get("user").unwrap().is_open);
        assert!(MODEL.types().any(|(name, one)| name == "weakAlgorithms" && one.kind == Kind::Enum));
    }

    #[test]
    fn types_fit() {
        let fits = |name: &str, value: Value| MODEL.fits(MODEL.member("user", name).unwrap(), &value);
        for (name, value) in [
            ("ageGroup", json!("Adult")),
            ("ageGroup", json!(null)),
            ("employeeHireDate", json!("2026-01-31T00:00:00Z")),
            ("otherMails", json!(["a@b.c"])),
            ("employeeOrgData", json!({"division": "x", "costCenter": null})),
            ("customSecurityAttributes", json!({"Set": {"@odata.type": "x", "Any": 1}})),
            ("passwordProfile", json!({"password": "x", "forceChangePasswordNextSignIn": false})),
        ] {
            assert!(fits(name, value.clone()), "{name} {value}");
        }
        for (name, value) in [
            ("ageGroup", json!(5)),
            ("employeeHireDate", json!("yesterday")),
            ("isResourceAccount", json!(3)),
            ("otherMails", json!("a@b.c")),
            ("otherMails", json!([1])),
            ("city", json!(["x"])),
            ("employeeOrgData", json!({"divison": "x"})),
            ("employeeOrgData", json!("x")),
        ] {
            assert!(!fits(name, value.clone()), "{name} {value}");
        }
    }
}
