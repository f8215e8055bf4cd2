//! Client assertions: what a client signed itself, what Entra gave it, and what another issuer did.

use super::call::Call;
use super::certificate::{self, Signature};
use super::client::Proof;
use super::refused::Refused;
use super::state::{Issued, What};
use crate::hash::Hash;
use crate::switches::{ForeignAssertion, Unwelcome};
use agentuser_core::ObjectId;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

/// How much the clocks of client and server may differ. *Assumption*: the usual five minutes.
const SKEW_MS: i64 = 300_000;
/// The longest life of an assertion that a client signs. *Assumption*: the page on certificates asks for five to ten minutes,
/// and longer ones are taken.
const LONGEST_MS: i64 = 24 * 3_600_000;

/// The parts of a JSON Web Token.
pub(super) struct Parts<'a> {
    pub(super) header: Map<String, Value>,
    pub(super) claims: Map<String, Value>,
    /// The signed text: the header and the claims.
    pub(super) input: &'a str,
    pub(super) signature: Vec<u8>,
}

impl<'a> Parts<'a> {
    pub(super) fn read(token: &'a str) -> Option<Self> {
        let (input, signature) = token.rsplit_once('.')?;
        let (header, claims) = input.split_once('.')?;
        let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).ok();
        let object = |part: &str| serde_json::from_slice(&decode(part)?).ok();
        Some(Self { header: object(header)?, claims: object(claims)?, input, signature: decode(signature)? })
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.claims.get(name)?.as_str()
    }

    /// A time. It may have a fraction, as MSAL for Python sends it (RFC 7519, section 2), or be a text, as MSAL.NET does.
    fn ms(&self, name: &str) -> Option<i64> {
        let time = self.claims.get(name)?;
        let text = time.as_str().map_or_else(|| time.to_string(), str::to_owned);
        let seconds: i64 = text.split('.').next()?.parse().ok()?;
        Some(seconds.saturating_mul(1_000))
    }
}

/// Documented: https://learn.microsoft.com/entra/identity-platform/reference-error-codes.
fn malformed(why: &str) -> Refused {
    Refused::client(50_027, format!("Invalid JWT token. {why}"))
}

fn not_matching(number: u32, what: &str, value: &str) -> Refused {
    let text =
        format!("No matching federated identity record found for presented assertion {what} '{value}'.");
    Refused::client(number, text)
}

fn out_of_range() -> Refused {
    Refused::client(700_024, "Client assertion is not within its valid time range.")
}

impl Call<'_> {
    /// A token of this Entra that serves as an assertion.
    pub(super) fn entra_assertion(&self, assertion: &str) -> Result<Issued, Refused> {
        let Some(issued) = self.directory.entra.known(assertion).cloned() else {
            let parts = Parts::read(assertion).ok_or_else(|| malformed("The token format isn't proper."))?;
            let issuer = parts.text("iss").unwrap_or_default();
            return Err(if self.is_own_issuer(issuer) {
                Refused::client(700_027, "The signature of the assertion is not valid.")
            } else {
                not_matching(700_211, "issuer", issuer)
            });
        };
        if matches!(issued.what, What::User { .. }) {
            let text =
                "Only app-only tokens can be used as Federated Identity Credentials for the AAD issuer.";
            return Err(Refused::client(700_229, text));
        }
        if issued.ends <= self.now.mono {
            return Err(out_of_range());
        }
        if issued.tenant != self.tenant() {
            return Err(match self.directory.switches.foreign_assertion {
                ForeignAssertion::IssuerUnknown => {
                    let issuer = format!("{}/{}/v2.0", self.directory.login(), issued.tenant);
                    not_matching(700_211, "issuer", &issuer)
                }
                ForeignAssertion::ClientUnknown => {
                    let text = "The application was not found in the directory.";
                    Refused::new("unauthorized_client", 700_016, text)
                }
            });
        }
        Ok(issued)
    }

    fn is_own_issuer(&self, issuer: &str) -> bool {
        let tenant = self.directory.tenant_id();
        let hosts = [self.directory.login(), "https://login.microsoftonline.com", &self.place.base];
        hosts.iter().any(|host| issuer == format!("{host}/{tenant}/v2.0"))
            || issuer == format!("https://sts.windows.net/{tenant}/")
    }

    /// The assertion of an application or a blueprint.
    pub(super) fn check_assertion(&mut self, assertion: &str, app: ObjectId) -> Result<Proof, Refused> {
        if let Some(issued) = self.directory.entra.known(assertion).cloned() {
            return self.check_federated(assertion, &issued, app);
        }
        let parts = Parts::read(assertion).ok_or_else(|| malformed("The token format isn't proper."))?;
        let issuer = parts.text("iss").unwrap_or_default();
        let is_client =
            |name: &str| parts.text(name).is_some_and(|value| value.eq_ignore_ascii_case(&app.to_string()));
        match (is_client("iss"), is_client("sub")) {
            (true, true) => self.check_signed(&parts, app),
            (true, false) | (false, true) => {
                let text = "Subject mismatches Issuer claim in the client assertion.";
                Err(Refused::client(50_048, text))
            }
            (false, false) if self.is_own_issuer(issuer) => {
                Err(Refused::client(700_027, "The signature of the assertion is not valid."))
            }
            (false, false) => {
                let known = self.directory.federated_of(app);
                Err(if known.iter().any(|one| one.issuer == issuer) {
                    malformed("External ID token from issuer failed signature verification.")
                } else {
                    not_matching(700_211, "issuer", issuer)
                })
            }
        }
    }

    /// A token of a managed identity or of another issuer: a federated identity credential must say all three of it.
    fn check_federated(&self, assertion: &str, issued: &Issued, app: ObjectId) -> Result<Proof, Refused> {
        let tenant = self.directory.tenant_id();
        let (issuers, subject, audience) = match &issued.what {
            What::Federated { issuer, subject, audience } => {
                if issued.ends <= self.now.mono {
                    return Err(out_of_range());
                }
                (vec![issuer.clone()], subject.clone(), audience.clone())
            }
            _ => {
                let issued = self.entra_assertion(assertion)?;
                let What::Application(object) = issued.what else {
                    return Err(not_matching(700_213, "subject", "of an agent"));
                };
                let hosts = [self.directory.login(), "https://login.microsoftonline.com", &self.place.base];
                let issuers = hosts.iter().map(|host| format!("{host}/{tenant}/v2.0")).collect();
                (issuers, object.to_string(), self.directory.exchange())
            }
        };
        let known = self.directory.federated_of(app);
        let of_issuer: Vec<_> = known.iter().filter(|one| issuers.contains(&one.issuer)).collect();
        let first = issuers.first().map(String::as_str).unwrap_or_default();
        if of_issuer.is_empty() {
            return Err(not_matching(700_211, "issuer", first));
        }
        let of_subject: Vec<_> = of_issuer.iter().filter(|one| one.subject == subject).collect();
        if of_subject.is_empty() {
            return Err(not_matching(700_213, "subject", &subject));
        }
        let fits = of_subject.iter().any(|one| one.audience.eq_ignore_ascii_case(&audience));
        if fits { Ok(Proof::Federated) } else { Err(not_matching(700_212, "audience", &audience)) }
    }

    /// Checks an assertion that the application signed with the key of one of its certificates
    /// (docs/sign-in.md#certificate).
    fn check_signed(&mut self, parts: &Parts<'_>, app: ObjectId) -> Result<Proof, Refused> {
        self.check_address(parts)?;
        let server = self.place.unix_ms;
        let begins = parts.ms("nbf").unwrap_or(i64::MIN);
        let ends = parts.ms("exp").ok_or_else(|| malformed("The claim 'exp' is missing."))?;
        let lives = ends.saturating_sub(begins.max(server.saturating_sub(SKEW_MS)));
        if begins > server.saturating_add(SKEW_MS)
            || ends.saturating_add(SKEW_MS) <= server
            || lives > LONGEST_MS
        {
            return Err(out_of_range());
        }
        let keys = self.directory.keys(app);
        let text = |name: &str| parts.header.get(name).and_then(Value::as_str);
        let signature = Signature {
            algorithm: text("alg").unwrap_or_default(),
            thumbprint: text("x5t#S256"),
            old_thumbprint: text("x5t"),
            input: parts.input.as_bytes(),
            bytes: &parts.signature,
        };
        let key = match certificate::find(&keys, &signature) {
            certificate::Found::Key(key) => key,
            certificate::Found::NoKey => {
                let text =
                    format!("The key of the assertion's thumbprint is not one of the application '{app}'.");
                return Err(Refused::client(700_027, text));
            }
            certificate::Found::CannotVerify => {
                return Err(Refused::not_simulated("how to verify signatures in this build"));
            }
        };
        if let Some(number) = key.refused {
            return Err(Refused::client(number, "The certificate of the assertion is refused."));
        }
        if !certificate::is_good(&key.der, &signature) {
            return Err(Refused::client(700_027, "Client assertion failed signature validation."));
        }
        if !certificate::validity(&key.der).is_some_and(|validity| validity.contains(&server)) {
            return Err(Refused::client(1_000_502, "The certificate is not within its validity window."));
        }
        let jti = parts.text("jti").map(|jti| Hash::new(0).text(jti).finish());
        let first = jti.is_none_or(|jti| self.directory.entra.seen.insert((app, jti)));
        if !first && self.directory.switches.repeated_assertion == Unwelcome::Refused {
            // The number is an assumption.
            return Err(malformed("The assertion was used before."));
        }
        Ok(Proof::Certificate { with_chain: parts.header.contains_key("x5c") })
    }

    /// The audience must be this token endpoint, or the issuer of this tenant.
    fn check_address(&self, parts: &Parts<'_>) -> Result<(), Refused> {
        let audience = parts.text("aud").unwrap_or_default();
        let hosts = [self.place.base.as_str(), self.directory.login()];
        let below = hosts.iter().find_map(|host| audience.strip_prefix(host)?.strip_prefix('/'));
        let (tenant, rest) = below.and_then(|below| below.split_once('/')).unwrap_or_default();
        let is_ours = self.directory.tenant_named(tenant) == Some(self.tenant())
            && ["oauth2/v2.0/token", "oauth2/token", "v2.0"].contains(&rest);
        if is_ours { Ok(()) } else { Err(malformed("Unexpected audience.")) }
    }
}
