//! A request together with how its answer is read.

use crate::ObjectId;
use crate::call::Call;
use crate::http::{Headers, Method, Request, Response};
use crate::model::{AgentUser, ServicePrincipal, is_agent_user_type};
use crate::problem::{Code, Problem, cleaned, is_error};
use serde::de::{DeserializeOwned, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::fmt;

/// The longest success that is searched for an error, in bytes. Errors are far shorter, and long lists would be read twice.
const ERROR_LIMIT: usize = 1 << 16;

/// Reads a success: the value; or how the answer contradicts the request, where it is about another object.
pub(super) type Parse<T> = fn(&Response, &Expected) -> Result<T, Option<String>>;

/// A Graph call, ready to send, that answers with a `T`.
pub struct Ask<T> {
    call: Call,
    request: Request,
    parse: Parse<T>,
    expected: Expected,
    guarded: Option<Guarded>,
}

/// Members that a permission of their own guards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Guarded {
    pub(super) member: &'static str,
    /// Any of these, least privileged first.
    pub(super) permissions: &'static [&'static str],
}

/// The object that the answer must be about, where it names one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Expected {
    pub(super) id: Option<ObjectId>,
    pub(super) identity_parent_id: Option<ObjectId>,
    pub(super) user_principal_name: Option<String>,
    pub(super) is_agent_user: bool,
}

/// The members of an answer that tell whether it is an error, and which object it is about. A member of another kind tells
/// nothing.
#[derive(Default)]
pub(super) struct Told<'a> {
    is_object: bool,
    is_error: bool,
    odata_type: Option<Cow<'a, str>>,
    id: Option<Cow<'a, str>>,
    identity_parent_id: Option<Cow<'a, str>>,
    user_principal_name: Option<Cow<'a, str>>,
}

/// An object whose own members tell what [`Told`] holds, so that its body is read once.
pub(super) trait Tells {
    fn id(&self) -> Option<ObjectId>;
    fn told(&self) -> Told<'_>;
}

impl Tells for AgentUser {
    fn id(&self) -> Option<ObjectId> {
        self.id()
    }

    fn told(&self) -> Told<'_> {
        let id = |id: Option<ObjectId>| id.map(|id| Cow::Owned(id.to_string()));
        Told {
            is_object: true,
            is_error: has_error(self.other()),
            odata_type: self.odata_type().map(Cow::Borrowed),
            id: id(self.id()),
            identity_parent_id: id(self.identity_parent_id()),
            user_principal_name: self.user_principal_name().map(Cow::Borrowed),
        }
    }
}

impl Tells for ServicePrincipal {
    fn id(&self) -> Option<ObjectId> {
        self.id()
    }

    fn told(&self) -> Told<'_> {
        let id = self.id().map(|id| Cow::Owned(id.to_string()));
        Told { is_object: true, is_error: has_error(self.other()), id, ..Told::default() }
    }
}

fn has_error(members: &Map<String, Value>) -> bool {
    members.get("error").is_some_and(Value::is_object)
}

impl<'a> Told<'a> {
    /// Reads the body for it. A body that is not an object tells nothing.
    fn of(response: &'a Response) -> Self {
        serde_json::from_slice(&response.body)
            .unwrap_or_else(|_| Self { is_error: is_error(response), ..Self::default() })
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Told<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Told<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Told<'de>, A::Error> {
                let mut told = Told { is_object: true, ..Told::default() };
                while let Some((name, value)) = members.next_entry::<Seen<'de>, Seen<'de>>()? {
                    match name.text().as_deref() {
                        Some("error") => told.is_error = matches!(value, Seen::Object),
                        Some("@odata.type") => told.odata_type = value.text(),
                        Some("id") => told.id = value.text(),
                        Some("identityParentId") => told.identity_parent_id = value.text(),
                        Some("userPrincipalName") => told.user_principal_name = value.text(),
                        _ => {}
                    }
                }
                Ok(told)
            }
        }
        deserializer.deserialize_map(Object)
    }
}

/// A JSON value that is checked; only a text is kept.
enum Seen<'a> {
    Text(Cow<'a, str>),
    Object,
    Other,
}

impl<'a> Seen<'a> {
    fn text(self) -> Option<Cow<'a, str>> {
        match self {
            Self::Text(text) => Some(text),
            Self::Object | Self::Other => None,
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Seen<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Seen<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Seen<'de>, E> {
                Ok(Seen::Text(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Seen<'de>, E> {
                Ok(Seen::Text(Cow::Owned(text.to_owned())))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Seen<'de>, A::Error> {
                while members.next_entry::<Seen<'de>, Seen<'de>>()?.is_some() {}
                Ok(Seen::Object)
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Seen<'de>, A::Error> {
                while values.next_element::<Seen<'de>>()?.is_some() {}
                Ok(Seen::Other)
            }
            fn visit_bool<E>(self, _: bool) -> Result<Seen<'de>, E> {
                Ok(Seen::Other)
            }
            fn visit_i64<E>(self, _: i64) -> Result<Seen<'de>, E> {
                Ok(Seen::Other)
            }
            fn visit_u64<E>(self, _: u64) -> Result<Seen<'de>, E> {
                Ok(Seen::Other)
            }
            fn visit_f64<E>(self, _: f64) -> Result<Seen<'de>, E> {
                Ok(Seen::Other)
            }
            fn visit_unit<E>(self) -> Result<Seen<'de>, E> {
                Ok(Seen::Other)
            }
        }
        deserializer.deserialize_any(Any)
    }
}

impl Expected {
    /// # Errors
    /// When the answer is an error, in spite of its status; how it contradicts the request.
    fn check(&self, told: &Told<'_>) -> Result<(), Option<String>> {
        match self.contradiction(told) {
            None if !told.is_error => Ok(()),
            contradiction => Err(contradiction),
        }
    }

    /// How an answer contradicts it: it is about another object.
    fn contradiction(&self, told: &Told<'_>) -> Option<String> {
        let differs = |name: &str, has: &Option<Cow<'_, str>>, wanted: &str| {
            let has = has.as_deref().filter(|has| !has.eq_ignore_ascii_case(wanted))?;
            Some(format!("The answer's {name} is {}, not {wanted}.", cleaned(has)))
        };
        let Self { id, identity_parent_id, user_principal_name, is_agent_user } = self;
        let kind = told.odata_type.as_deref().filter(|kind| *is_agent_user && !is_agent_user_type(kind));
        if let Some(kind) = kind {
            let kind = cleaned(kind);
            return Some(format!("The answer's type is {kind}, not microsoft.graph.agentUser."));
        }
        let object = |id: &Option<ObjectId>| id.map(|id| id.to_string());
        object(id)
            .and_then(|id| differs("id", &told.id, &id))
            .or_else(|| differs("identityParentId", &told.identity_parent_id, &object(identity_parent_id)?))
            .or_else(|| {
                let name = user_principal_name.as_deref()?;
                differs("userPrincipalName", &told.user_principal_name, name)
            })
    }
}

impl<T> Ask<T> {
    /// Which call it is.
    #[must_use]
    pub fn call(&self) -> Call {
        self.call
    }

    /// The request.
    #[must_use]
    pub fn request(&self) -> &Request {
        &self.request
    }

    /// Reads the answer; `None` when it is not what Graph documents, or is about another object.
    #[must_use]
    pub fn parse(&self, response: &Response) -> Option<T> {
        self.read(response).ok()
    }

    /// Reads the answer.
    ///
    /// # Errors
    /// When it can't be read; how it contradicts the request, as a sentence about the answer, where it is about another
    /// object.
    pub(crate) fn read(&self, response: &Response) -> Result<T, Option<String>> {
        (self.parse)(response, &self.expected)
    }

    pub(super) fn new(call: Call, method: Method, url: String, parse: Parse<T>) -> Self {
        let request = Request { method, url, headers: Headers::new(), body: Vec::new() };
        Self { call, request, parse, expected: Expected::default(), guarded: None }
    }

    pub(super) fn with_body(mut self, body: &impl Serialize) -> Self {
        // Serializing to memory fails only for maps whose keys are not strings, of which there are none.
        self.request.body = serde_json::to_vec(body).unwrap_or_default();
        self.request.headers.push("Content-Type", "application/json");
        self
    }

    /// It reads or writes members that a permission of their own guards.
    pub(super) fn guarded_by(mut self, guarded: Option<Guarded>) -> Self {
        self.guarded = guarded;
        self
    }

    /// The problem of its refusal: a permission that is missing is most likely that of a guarded member, because the
    /// others are needed for every request.
    pub(crate) fn explained(&self, problem: Problem) -> Problem {
        let Some(Guarded { member, permissions }) = self.guarded else { return problem };
        if problem.code() != Code::PermissionMissing {
            return problem;
        }
        let least = permissions.first().copied().unwrap_or_default();
        let all: Vec<_> = permissions.iter().chain(self.call.permissions()).copied().collect();
        let does = if self.call.is_write() { "Writing" } else { "Reading" };
        let fix = format!(
            "{does} {member} needs {least} beside the permission for agent users. Grant it with admin consent, then get \
             a new token; or leave {member} out."
        );
        problem.with_permissions(&all).with_fix(fix)
    }

    pub(super) fn expecting(mut self, expected: Expected) -> Self {
        self.expected = expected;
        self
    }

    /// The answer is about the object of this id, where it names one.
    pub(super) fn expecting_id(self, id: ObjectId) -> Self {
        self.expecting(Expected { id: Some(id), ..Expected::default() })
    }
}

impl<T: DeserializeOwned> Ask<T> {
    /// A read whose answer is JSON, and which expects no object.
    pub(super) fn get(call: Call, url: String) -> Self {
        Self::new(call, Method::Get, url, |response, _| apart(json(response), response))
    }
}

/// A value that does not tell by itself whether it is an error: its body is read for that. No object is expected of it.
pub(super) fn apart<T>(value: Option<T>, response: &Response) -> Result<T, Option<String>> {
    if response.body.len() <= ERROR_LIMIT {
        Expected::default().check(&Told::of(response))?;
    }
    value.ok_or(None)
}

/// The body as JSON.
pub(super) fn json<T: DeserializeOwned>(response: &Response) -> Option<T> {
    // Checking the encoding of the whole at once is far cheaper than that of every text in a long list.
    serde_json::from_str(std::str::from_utf8(&response.body).ok()?).ok()
}

/// An object, unless it has no id: then nothing can be done with it.
pub(super) fn with_id<T: DeserializeOwned + Tells>(
    response: &Response,
    expected: &Expected,
) -> Result<T, Option<String>> {
    let object = object::<T>(response, expected)?;
    if object.id().is_some() { Ok(object) } else { Err(None) }
}

/// An object.
pub(super) fn object<T: DeserializeOwned + Tells>(
    response: &Response,
    expected: &Expected,
) -> Result<T, Option<String>> {
    let object = json::<T>(response);
    let told = object.as_ref().map_or_else(|| Told::of(response), T::told);
    expected.check(&told)?;
    drop(told);
    object.ok_or(None)
}

/// Success whose body is not needed: 204, or an object. Anything else is a page of another server, and not a success.
pub(super) fn nothing(response: &Response, expected: &Expected) -> Result<(), Option<String>> {
    let told = Told::of(response);
    expected.check(&told)?;
    if response.status == 204 || told.is_object { Ok(()) } else { Err(None) }
}

impl<T> fmt::Debug for Ask<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {:?}", self.call, self.request)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ok(body: &str) -> Response {
        Response { status: 200, headers: Headers::new(), body: body.into() }
    }

    #[test]
    fn a_body_that_is_not_needed_is_an_object_by_the_rules_of_one_that_is_kept() {
        for body in [
            r#"{}"#,
            r#" {"a":[1,-2,3.5,true,null,"\n",{"b":{}}],"a":2} "#,
            r#"{"a":"\ud800"}"#,
            r#"{"a":1e999}"#,
            r#"{"a":}"#,
            r#"{"a":1} 2"#,
            r#"{1:2}"#,
            "[]",
            r#""text""#,
            "null",
            "",
            "<html>",
        ] {
            let is_kept = serde_json::from_str::<Map<String, Value>>(body).is_ok();
            assert_eq!(nothing(&ok(body), &Expected::default()).is_ok(), is_kept, "{body}");
        }
        let deep = format!(r#"{{"a":{}1{}}}"#, "[".repeat(200), "]".repeat(200));
        assert_eq!(nothing(&ok(&deep), &Expected::default()), Err(None));
    }

    #[test]
    fn an_error_and_another_object_are_seen_in_values_and_in_bodies() {
        let (this, other) = (ObjectId::from_u128(1), ObjectId::from_u128(2));
        let expected = Expected { id: Some(this), ..Expected::default() };
        let about = |id: ObjectId| ok(&format!(r#"{{"\u0069d":"{id}","displayName":"A"}}"#));
        let differs = Err(Some(format!("The answer's id is {other}, not {this}.")));
        assert_eq!(with_id::<AgentUser>(&about(this), &expected).map(|user| user.id()), Ok(Some(this)));
        assert_eq!(with_id::<AgentUser>(&about(other), &expected).map(drop), differs);
        assert_eq!(with_id::<ServicePrincipal>(&about(other), &expected).map(drop), differs);
        assert_eq!(nothing(&about(this), &expected), Ok(()));
        assert_eq!(nothing(&about(other), &expected), differs);
        let error = ok(&format!(r#"{{"id":"{this}","error":{{"code":"x"}},"value":[]}}"#));
        assert_eq!(with_id::<AgentUser>(&error, &expected).map(drop), Err(None));
        assert_eq!(nothing(&error, &expected), Err(None));
        let page = Ask::<crate::model::Page<Vec<AgentUser>>>::get(Call::ListAgentUsers, String::new());
        assert_eq!(page.read(&error).map(drop), Err(None));
        assert_eq!(page.read(&ok(r#"{"value":[],"error":null}"#)).map(drop), Ok(()));
    }
}
