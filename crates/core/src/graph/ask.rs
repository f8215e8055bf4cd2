//! A request together with how its answer is read.

use crate::ObjectId;
use crate::call::Call;
use crate::http::{Headers, Method, Request, Response};
use crate::model::is_agent_user_type;
use crate::problem::{Code, Problem, cleaned, is_error};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The longest success that is searched for an error, in bytes. Errors are far shorter, and long lists would be read twice.
const ERROR_LIMIT: usize = 1 << 16;

/// A Graph call, ready to send, that answers with a `T`.
pub struct Ask<T> {
    call: Call,
    request: Request,
    parse: fn(&Response) -> Option<T>,
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
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Told {
    #[serde(default)]
    error: serde_json::Value,
    #[serde(rename = "@odata.type", default)]
    odata_type: serde_json::Value,
    #[serde(default)]
    id: serde_json::Value,
    #[serde(default)]
    identity_parent_id: serde_json::Value,
    #[serde(default)]
    user_principal_name: serde_json::Value,
}

impl Expected {
    /// How an answer contradicts it: it is about another object.
    fn contradiction(&self, told: &Told) -> Option<String> {
        let differs = |name: &str, has: &serde_json::Value, wanted: &str| {
            let has = has.as_str().filter(|has| !has.eq_ignore_ascii_case(wanted))?;
            Some(format!("The answer's {name} is {}, not {wanted}.", cleaned(has)))
        };
        let Self { id, identity_parent_id, user_principal_name, is_agent_user } = self;
        if *is_agent_user && told.odata_type.as_str().is_some_and(|kind| !is_agent_user_type(kind)) {
            let kind = cleaned(told.odata_type.as_str().unwrap_or_default());
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
        let (is_error, contradiction) = self.told(response);
        match contradiction {
            None if !is_error => (self.parse)(response).ok_or(None),
            contradiction => Err(contradiction),
        }
    }

    /// Whether an answer with a status of success has Graph's error for a body, and how it contradicts the request.
    fn told(&self, response: &Response) -> (bool, Option<String>) {
        let names_object = self.expected != Expected::default();
        // Serde would take the members of an array in their order, too.
        let is_object = response.body.trim_ascii_start().starts_with(b"{");
        if !is_object || !names_object && response.body.len() > ERROR_LIMIT {
            return (false, None);
        }
        match serde_json::from_slice::<Told>(&response.body) {
            Ok(told) => (told.error.is_object(), self.expected.contradiction(&told)),
            // A member may be there twice, and the error all the same.
            Err(_) => (is_error(response), None),
        }
    }

    pub(super) fn new(call: Call, method: Method, url: String, parse: fn(&Response) -> Option<T>) -> Self {
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
    /// A read whose answer is JSON.
    pub(super) fn get(call: Call, url: String) -> Self {
        Self::new(call, Method::Get, url, json)
    }
}

/// The body as JSON.
pub(super) fn json<T: DeserializeOwned>(response: &Response) -> Option<T> {
    // Checking the encoding of the whole at once is far cheaper than that of every text in a long list.
    serde_json::from_str(std::str::from_utf8(&response.body).ok()?).ok()
}

/// Success whose body is not needed: 204, or an object. Anything else is a page of another server, and not a success.
pub(super) fn nothing(response: &Response) -> Option<()> {
    let object =
        || serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(&response.body).is_ok();
    (response.status == 204 || object()).then_some(())
}

impl<T> fmt::Debug for Ask<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {:?}", self.call, self.request)
    }
}
