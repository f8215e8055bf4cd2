//! Whether an object passes a filter or a search.
//!
//! Truth has three values, as in OData: a function of null is null, `not` null is null, and what is null at the end is left
//! out. Text compares without regard to letter case (an assumption; docs/graph.md#lists names one property where case matters).

use super::filter::{Expr, Function, Literal, Op, Path};
use crate::clock;
use crate::directory::route::Cast;
use serde_json::Value;
use std::borrow::Cow;
use std::cmp::Ordering;

/// An object that a query looks at.
pub(crate) trait Subject {
    /// The value of a property by its declared name.
    fn member(&self, name: &str) -> Member<'_>;

    /// Whether it is of the type, or of one that derives from it.
    fn is_of(&self, cast: Cast) -> bool;
}

/// The value of a property.
#[derive(Debug, Clone)]
pub(crate) enum Member<'a> {
    Bool(bool),
    Text(Cow<'a, str>),
    Json(Cow<'a, Value>),
    Null,
}

/// One value, to compare.
#[derive(Debug, Clone, Copy)]
enum Atom<'a> {
    Null,
    Bool(bool),
    Text(&'a str),
    Number(i64),
}

impl<'a> Atom<'a> {
    fn of(value: &'a Value) -> Self {
        match value {
            Value::Bool(value) => Self::Bool(*value),
            Value::String(text) => Self::Text(text),
            Value::Number(number) => number.as_i64().map_or(Self::Null, Self::Number),
            _ => Self::Null,
        }
    }
}

/// Whether the object passes.
pub(crate) fn passes(expr: &Expr, subject: &dyn Subject) -> bool {
    truth(expr, &Place::Object(subject)) == Some(true)
}

/// Where paths begin.
enum Place<'a> {
    Object(&'a dyn Subject),
    /// An element of a collection, in a lambda.
    Element(&'a Value),
}

impl Place<'_> {
    fn with<T>(&self, Path(path): &Path, look: impl FnOnce(Atom<'_>) -> T) -> T {
        let Some((first, rest)) = path.split_first() else {
            return match self {
                Self::Element(value) => look(Atom::of(value)),
                Self::Object(_) => look(Atom::Null),
            };
        };
        match self {
            Self::Element(value) => look(below(value.get(first), rest)),
            Self::Object(subject) => match subject.member(first) {
                Member::Bool(value) if rest.is_empty() => look(Atom::Bool(value)),
                Member::Text(text) if rest.is_empty() => look(Atom::Text(&text)),
                Member::Json(value) => look(below(Some(&value), rest)),
                Member::Bool(_) | Member::Text(_) | Member::Null => look(Atom::Null),
            },
        }
    }

    fn elements<T>(&self, Path(path): &Path, look: impl FnOnce(&[Value]) -> T) -> T {
        let none: &[Value] = &[];
        let Some((first, rest)) = path.split_first() else { return look(none) };
        let list = |value: Option<&Value>| {
            let list = rest.iter().fold(value, |value, name| value?.get(name));
            look(list.and_then(Value::as_array).map_or(none, Vec::as_slice))
        };
        match self {
            Self::Element(value) => list(value.get(first)),
            Self::Object(subject) => match subject.member(first) {
                Member::Json(value) => list(Some(&value)),
                _ => list(None),
            },
        }
    }
}

fn below<'a>(value: Option<&'a Value>, path: &[String]) -> Atom<'a> {
    path.iter().fold(value, |value, name| value?.get(name)).map_or(Atom::Null, Atom::of)
}

fn truth(expr: &Expr, place: &Place<'_>) -> Option<bool> {
    match expr {
        Expr::And(all) => all
            .iter()
            .try_fold(Some(true), |so_far, one| match (so_far, truth(one, place)) {
                (_, Some(false)) => Err(Some(false)),
                (None, _) | (_, None) => Ok(None),
                _ => Ok(Some(true)),
            })
            .unwrap_or_else(|end| end),
        Expr::Or(all) => all
            .iter()
            .try_fold(Some(false), |so_far, one| match (so_far, truth(one, place)) {
                (_, Some(true)) => Err(Some(true)),
                (None, _) | (_, None) => Ok(None),
                _ => Ok(Some(false)),
            })
            .unwrap_or_else(|end| end),
        Expr::Not(one) => truth(one, place).map(|truth| !truth),
        Expr::Compare { path, op, value } => place.with(path, |atom| compare(atom, *op, value)),
        Expr::In { path, values } => place
            .with(path, |atom| Some(values.iter().any(|value| compare(atom, Op::Eq, value) == Some(true)))),
        Expr::Text { path, function, value } => place.with(path, |atom| match atom {
            Atom::Text(text) => Some(applies(*function, text, value)),
            _ => None,
        }),
        Expr::Count { path, op, value } => {
            let count = place.elements(path, <[Value]>::len);
            Some(holds(*op, i64::try_from(count).unwrap_or(i64::MAX).cmp(value)))
        }
        Expr::Any { path, body } => place.elements(path, |items| match body {
            None => Some(!items.is_empty()),
            Some(body) => Some(items.iter().any(|item| truth(body, &Place::Element(item)) == Some(true))),
        }),
        Expr::All { path, body } => place.elements(path, |items| {
            Some(items.iter().all(|item| truth(body, &Place::Element(item)) == Some(true)))
        }),
        Expr::Is(path) => place.with(path, |atom| match atom {
            Atom::Bool(value) => Some(value),
            _ => None,
        }),
        Expr::IsOf(name) => match place {
            Place::Object(subject) => Some(Cast::read(name).is_some_and(|cast| subject.is_of(cast))),
            Place::Element(_) => None,
        },
    }
}

fn holds(op: Op, order: Ordering) -> bool {
    match op {
        Op::Eq => order.is_eq(),
        Op::Ne => order.is_ne(),
        Op::Ge => order.is_ge(),
        Op::Gt => order.is_gt(),
        Op::Le => order.is_le(),
        Op::Lt => order.is_lt(),
    }
}

fn compare(atom: Atom<'_>, op: Op, value: &Literal) -> Option<bool> {
    let order = match (atom, value) {
        (Atom::Null, Literal::Null) => Some(Ordering::Equal),
        (Atom::Bool(one), Literal::Bool(other)) => Some(one.cmp(other)),
        (Atom::Number(one), Literal::Number(other)) => Some(one.cmp(other)),
        (Atom::Text(one), Literal::Text(other)) => Some(in_any_case(one, other)),
        (Atom::Text(one), Literal::Guid(other)) => Some(in_any_case(one, &other.to_string())),
        (Atom::Text(one), Literal::Date(other)) => clock::parse(one).map(|one| one.cmp(other)),
        _ => None,
    };
    Some(match order {
        Some(order) => holds(op, order),
        // A value that is null, or of another kind, is different, and neither less nor greater.
        None => op == Op::Ne,
    })
}

/// The order of two texts, letter case left out.
pub(crate) fn in_any_case(one: &str, other: &str) -> Ordering {
    if one.is_ascii() && other.is_ascii() {
        let lower = |text: &'_ str| text.bytes().map(|byte| byte.to_ascii_lowercase()).collect::<Vec<_>>();
        if one.len() == other.len() && one.eq_ignore_ascii_case(other) {
            return Ordering::Equal;
        }
        return lower(one).cmp(&lower(other));
    }
    one.to_lowercase().cmp(&other.to_lowercase())
}

fn applies(function: Function, text: &str, value: &str) -> bool {
    if function == Function::StartsWith
        && let Some(head) = text.get(..value.len())
        && head.eq_ignore_ascii_case(value)
    {
        return true;
    }
    let (text, value) = (text.to_lowercase(), value.to_lowercase());
    match function {
        Function::StartsWith => text.starts_with(&value),
        Function::EndsWith => text.ends_with(&value),
        Function::Contains => text.contains(&value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    struct Json(Value);

    impl Subject for Json {
        fn member(&self, name: &str) -> Member<'_> {
            self.0.get(name).map_or(Member::Null, |value| Member::Json(Cow::Borrowed(value)))
        }

        fn is_of(&self, cast: Cast) -> bool {
            cast == Cast::AgentUser
        }
    }

    fn passed(text: &str) -> bool {
        let object = json!({
            "name": "Anna", "on": true, "company": null, "born": "2026-01-02T00:00:00Z", "size": 3,
            "org": {"division": "North", "center": null},
            "mails": ["a@contoso.com", "SMTP:b@contoso.com"],
            "plans": [{"id": "184efa21-98c3-4e5d-95ab-d07053a96e67", "state": "On"}, {"id": "x", "state": "Off"}],
            "none": [],
        });
        passes(&Expr::parse(text).unwrap(), &Json(object))
    }

    #[test]
    fn what_passes() {
        for text in [
            "name eq 'anna'",
            "name ne 'Bert'",
            "name ge 'ANN' and name lt 'b'",
            "name in ('x','ANNA')",
            "on",
            "not(on eq false)",
            "company eq null",
            "company ne 'x'",
            "company in (null,'x')",
            "not(company eq 'Microsoft')",
            "born ge 2026-01-01 and born lt 2026-01-02T00:00:01Z",
            "born eq 2026-01-02T01:00:00+01:00",
            "size gt 2",
            "startsWith(name,'an')",
            "endswith(name,'NA')",
            "contains(name,'nn')",
            "org/division eq 'north'",
            "org/center eq null",
            "mails/any(m:startsWith(m,'smtp:'))",
            "mails/any()",
            "mails/$count eq 2",
            "none/$count eq 0",
            "not none/any(n:n eq 'x')",
            "plans/any(p:p/id eq 184efa21-98c3-4e5d-95ab-d07053a96e67 and p/state eq 'On')",
            "plans/all(p:p/state ne 'Broken')",
            "isof('microsoft.graph.agentUser')",
            "name eq 'x' or on",
        ] {
            assert!(passed(text), "{text}");
        }
    }

    #[test]
    fn what_is_left_out() {
        for text in [
            "name eq 'x'",
            "name ne 'ANNA'",
            "company ge 'a'",
            "company le 'a'",
            "startsWith(company,'a')",
            "not(startsWith(company,'a'))",
            "not(startsWith(company,'a')) and on",
            "plans/any(p:p/id eq 184efa21-98c3-4e5d-95ab-d07053a96e67 and p/state eq 'Off')",
            "plans/all(p:p/state eq 'On')",
            "none/any()",
            "isof('microsoft.graph.group')",
            "missing eq 'x'",
            "born gt 2026-01-03",
        ] {
            assert!(!passed(text), "{text}");
        }
    }
}
