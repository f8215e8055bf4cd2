//! A request of a sign-in, as its form says it.

use agentuser_core::http::Request;
use std::collections::BTreeMap;
use std::time::Duration;

/// The subject and the scopes of a wanted token.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Wants {
    Application(String, String),
    Exchange(String),
    AgentIdentity(String, String),
    UserExchange(String),
    AgentUser(String, String, String),
    OnBehalfOf(String, String, String),
    Person(String),
}

impl Wants {
    /// Whether a failure of this is one of that, because its chain has it.
    pub(crate) fn chain_has(&self, whole: &Self) -> bool {
        let identity = match whole {
            Self::AgentIdentity(identity, _)
            | Self::AgentUser(identity, ..)
            | Self::OnBehalfOf(identity, ..) => Some(identity),
            _ => None,
        };
        self == whole
            || match self {
                Self::Exchange(of) => identity == Some(of),
                Self::UserExchange(of) => matches!(whole, Self::AgentUser(..)) && identity == Some(of),
                // One person, whatever for.
                Self::Person(_) => whole.is_person(),
                Self::OnBehalfOf(of, person, _) => {
                    matches!(whole, Self::OnBehalfOf(other, who, _) if of == other && who == person)
                }
                _ => false,
            }
    }

    pub(crate) const fn is_person(&self) -> bool {
        matches!(self, Self::Person(_))
    }
}

/// A request that left.
#[derive(Clone)]
pub(crate) struct Asked {
    pub(crate) leg: &'static str,
    pub(crate) wants: Wants,
    pub(crate) claims: Option<String>,
    /// The claims that were met on the way to a code.
    pub(crate) met: Option<String>,
    pub(crate) left_at: Duration,
    /// T1 and T2, where they are in it.
    pub(crate) exchanged: Vec<String>,
    /// The assertion by which a blueprint proves who it is.
    pub(crate) assertion: Option<String>,
    /// The device code, which distinguishes one poll from those of other codes; empty for other requests.
    code: String,
    pub(crate) trace_id: String,
}

impl std::fmt::Debug for Asked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} of {:?}", self.leg, self.wants)?;
        self.claims.as_ref().map_or(Ok(()), |claims| write!(f, " with {claims}"))
    }
}

/// Secrets that stand for people: their tokens from elsewhere, refresh tokens, and codes.
pub(crate) type Persons = BTreeMap<String, Person>;

/// The sign-in of a person that such a secret stands for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) scope: String,
    pub(crate) claims: Option<String>,
}

impl Asked {
    /// Reads a form. `persons` says whose token or refresh token is in it.
    pub(crate) fn read(
        leg: &'static str,
        request: &Request,
        persons: &Persons,
        now: Duration,
    ) -> Option<Self> {
        let form = form(&request.body)?;
        let field = |name: &str| form.get(name).cloned().unwrap_or_default();
        let client = field("client_id");
        let scope = field("scope");
        let person = |name: &str| persons.get(&field(name)).cloned().unwrap_or_default();
        let coded = if leg == "deviceToken" { person("device_code") } else { person("code") };
        let scopes = scope.split(' ').filter(|one| !["openid", "profile", "offline_access"].contains(one));
        let scope = scopes.collect::<Vec<_>>().join(" ").to_lowercase();
        let wants = match leg {
            "application" => Wants::Application(client, scope),
            "exchange" => Wants::Exchange(field("fmi_path")),
            "agentIdentity" => Wants::AgentIdentity(client, scope),
            "userExchange" => Wants::UserExchange(client),
            "agentUser" => {
                let user = form.get("user_id").or_else(|| form.get("username")).cloned().unwrap_or_default();
                Wants::AgentUser(client, user, scope)
            }
            "onBehalfOf" => Wants::OnBehalfOf(client, person("assertion").name, scope),
            "onBehalfOfAgain" => Wants::OnBehalfOf(client, person("refresh_token").name, scope),
            "deviceToken" => Wants::Person(coded.scope),
            "deviceCode" | "code" | "refresh" => Wants::Person(scope),
            _ => return None,
        };
        let of_blueprint = matches!(leg, "application" | "exchange");
        let assertion = form.get("client_assertion").cloned();
        let t2 = form.get("user_federated_identity_credential").cloned();
        Some(Self {
            leg,
            wants,
            claims: form.get("claims").cloned(),
            met: form.get("claims").cloned().or(coded.claims),
            left_at: now,
            exchanged: assertion.iter().filter(|_| !of_blueprint).cloned().chain(t2).collect(),
            assertion: assertion.filter(|_| of_blueprint),
            code: field("device_code") + &field("code"),
            trace_id: request.headers.get("client-request-id").unwrap_or_default().to_owned(),
        })
    }

    /// The parts by which equal requests are recognised.
    pub(crate) fn id(&self) -> (Wants, &'static str, Option<String>) {
        (
            self.wants.clone(),
            self.leg,
            self.claims.clone().or_else(|| (!self.code.is_empty()).then(|| self.code.clone())),
        )
    }

    /// Whether it is for a token that the cache may have.
    pub(crate) fn is_token(&self) -> bool {
        !matches!(self.leg, "deviceCode" | "deviceToken" | "code")
    }
}

/// A text of a form or a query, without its escapes.
pub(crate) fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match (first, hex.and_then(|hex| u8::from_str_radix(hex, 16).ok())) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).ok()
}

fn form(body: &[u8]) -> Option<BTreeMap<String, String>> {
    let text = std::str::from_utf8(body).ok()?;
    let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| Some((decoded(name)?, decoded(value)?))).collect()
}
