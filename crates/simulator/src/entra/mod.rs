//! Entra's sign-in, as far as applications, agents and the people who run them go (docs/sign-in.md).
//!
//! It is pure: [`Directory::handle`] answers requests to Entra's addresses from here, so that [`crate::Network`] delays and
//! loses them like those to Graph. Tokens look like Entra's, are not signed, and nothing but this simulator takes them.
//!
//! A client assertion that an application signed is verified only with the feature `signatures`; without it, it is
//! refused as not simulated.

mod application;
mod assertion;
mod authorize;
mod call;
// Each build uses one half of it.
#[allow(dead_code)]
mod certificate;
mod client;
mod consent;
mod control;
mod device_code;
mod discovery;
mod issuer;
mod legs;
mod people;
mod policy;
mod refused;
mod resource;
mod sessions;
mod state;
mod tokens;

pub use application::{Application, Redirect};
pub(crate) use certificate::facts as certificate_facts;
#[cfg(feature = "options")]
pub(crate) use certificate::read_text as read_certificate;
pub use issuer::Workload;
pub use policy::{Effect, Policy};
pub use state::Entra;
#[cfg(feature = "options")]
pub(crate) use tokens::{Claims, principal_of, token_of};

use crate::directory::Directory;
use agentuser_core::graph::Cloud;
use agentuser_core::http::{Method, Request, Response};
use agentuser_core::{Now, ObjectId};
use call::{Call, Endpoint, Place, form};
use refused::Refused;

/// The grants of Entra that the simulator does not know.
const UNKNOWN_GRANTS: [&str; 2] = ["password", "urn:ietf:params:oauth:grant-type:saml2-bearer"];

impl Directory {
    /// The origin of its sign-in: that of the cloud whose Graph its root is, or else the root itself.
    #[must_use]
    pub fn login(&self) -> &str {
        let cloud = Cloud::ALL.iter().find(|cloud| cloud.graph() == self.root());
        cloud.map_or_else(|| self.root(), |cloud| cloud.login())
    }

    /// Its sign-in.
    #[must_use]
    pub const fn entra(&self) -> &Entra {
        &self.entra
    }

    /// Its sign-in, to change it.
    pub const fn entra_mut(&mut self) -> &mut Entra {
        &mut self.entra
    }

    /// Whether a request to this address goes to Entra, not to Graph.
    pub(crate) fn is_sign_in(&self, request: &Request) -> bool {
        Place::of(self, Now::default(), request).is_some()
    }

    /// The server's time, which may be ahead of the client's.
    pub(crate) const fn server_ms(&self, now: Now) -> i64 {
        now.unix_ms.saturating_add(self.switches.clock_ahead_ms)
    }

    /// The tenant of a name: its id, or one of its verified domains; or one of the other tenants that are known.
    pub(super) fn tenant_named(&self, name: &str) -> Option<ObjectId> {
        let own = self.tenant_id();
        let verified = |domain: &crate::Domain| domain.verified && domain.name.eq_ignore_ascii_case(name);
        if name.eq_ignore_ascii_case(&own.to_string()) || self.domains.iter().any(verified) {
            return Some(own);
        }
        name.parse().ok().filter(|id| self.entra.others.contains(id))
    }

    /// Answers a request, when it goes to Entra.
    pub(crate) fn sign_in(
        &mut self,
        now: Now,
        authorization: Option<&str>,
        request: &Request,
    ) -> Option<Response> {
        let place = Place::of(self, now, request)?;
        self.entra.requests += 1;
        Some(match place.endpoint {
            Endpoint::Token | Endpoint::TokenV1 | Endpoint::DeviceCode => {
                self.form_endpoint(now, authorization, request, place)
            }
            Endpoint::Authorize => authorize::answer(self, now, &place),
            Endpoint::DeviceLogin => device_code::page(self, now, &place),
            Endpoint::AdminConsent => consent::admin(self, &place),
            Endpoint::Configuration { v2 } => discovery::configuration(self, &place, v2),
            Endpoint::Keys => discovery::keys(),
            Endpoint::Instance => discovery::instance(&place),
            Endpoint::Other => {
                Refused::not_simulated(&format!("the endpoint {}", place.path)).response(&place)
            }
        })
    }

    /// Entra's words for a fault of its own that has this status; none when the request goes elsewhere. Texts and numbers:
    /// https://learn.microsoft.com/entra/identity-platform/reference-error-codes.
    pub(crate) fn outage(&self, now: Now, request: &Request, status: Option<u16>) -> Option<Response> {
        let place = Place::of(self, now, request)?;
        let (error, number, text) = match status? {
            429 => ("temporarily_unavailable", 90_055, "There are too many incoming requests."),
            503 => ("temporarily_unavailable", 90_033, "The directory service is unavailable."),
            _ => ("invalid_request", 9_002_313, "The request is malformed or invalid."),
        };
        Some(Refused::new(error, number, text).response(&place))
    }

    fn form_endpoint(
        &mut self,
        now: Now,
        authorization: Option<&str>,
        request: &Request,
        place: Place<'_>,
    ) -> Response {
        if place.method != Method::Post {
            let text =
                format!("The endpoint only accepts POST requests. Received a {} request.", place.method);
            return Refused::new("invalid_request", 900_561, text).status(405).response(&place);
        }
        let form = match form(authorization, request) {
            Ok(form) => form,
            Err(refused) => return refused.response(&place),
        };
        let mut call = Call { directory: self, now, place, form };
        let answer = match call.place.endpoint {
            Endpoint::DeviceCode => call.device_code(),
            _ => call.token(),
        };
        answer.unwrap_or_else(|refused| refused.response(&call.place))
    }
}

impl Call<'_> {
    fn token(&mut self) -> Result<Response, Refused> {
        if self.directory.tenant_named(self.place.tenant).is_none() {
            return Err(self.unknown_tenant());
        }
        let grant = self.required("grant_type")?.to_owned();
        if self.place.endpoint == Endpoint::TokenV1 && grant != "client_credentials" {
            return Err(Refused::not_simulated(&format!("the grant '{grant}' at the version 1 endpoint")));
        }
        match grant.as_str() {
            "client_credentials" => self.client_credentials(),
            "user_fic" => self.user_fic(),
            "urn:ietf:params:oauth:grant-type:jwt-bearer" => self.on_behalf_of(),
            "refresh_token" => self.refresh(),
            // The short form is what MSAL for JavaScript sends.
            "urn:ietf:params:oauth:grant-type:device_code" | "device_code" => self.device_token(),
            "authorization_code" => self.redeem_code(),
            unknown if UNKNOWN_GRANTS.contains(&unknown) => {
                Err(Refused::not_simulated(&format!("the grant '{unknown}'")))
            }
            other => {
                let text = format!("The grant '{other}' is not one of Entra's.");
                Err(Refused::new("unsupported_grant_type", 70_003, text))
            }
        }
    }

    fn unknown_tenant(&self) -> Refused {
        Refused::tenant("invalid_request", self.place.tenant)
    }
}
