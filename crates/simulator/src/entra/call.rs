//! A request to Entra: where it was sent, and the fields of its form.

use super::refused::Refused;
use crate::directory::Directory;
use crate::filled::try_filled;
use agentuser_core::Now;
use agentuser_core::http::{Headers, Method, Request};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;
use std::collections::BTreeMap;
use std::str::Utf8Error;

/// Names and values.
pub(super) type Fields = BTreeMap<String, String>;

/// The kind of endpoint at an address of Entra.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Endpoint {
    /// `resource`, and numbers as texts.
    TokenV1,
    Token,
    Authorize,
    DeviceCode,
    /// The page on which a person types the code of a device.
    DeviceLogin,
    AdminConsent,
    Configuration {
        v2: bool,
    },
    Keys,
    Instance,
    Other,
}

/// Where a request was sent, and when.
#[derive(Debug)]
pub(super) struct Place<'a> {
    pub(super) endpoint: Endpoint,
    pub(super) method: Method,
    /// The first segment of the path: a tenant's id or domain, or `common` and its kin.
    pub(super) tenant: &'a str,
    pub(super) path: &'a str,
    pub(super) query: &'a str,
    pub(super) headers: &'a Headers,
    /// Where the client thinks it is, such as `https://login.microsoftonline.com`.
    pub(super) base: String,
    /// The number of the request.
    pub(super) number: u64,
    /// The server's own time, which may be ahead of the client's.
    pub(super) unix_ms: i64,
}

impl<'a> Place<'a> {
    /// Where a request goes, when that is Entra.
    pub(super) fn of(directory: &Directory, now: Now, request: &'a Request) -> Option<Self> {
        let login = directory.login();
        let rest = request.url.strip_prefix(login).filter(|rest| rest.starts_with('/'))?;
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (tenant, endpoint) = endpoint(path)?;
        let base = request.headers.get("Forwarded").and_then(forwarded);
        Some(Self {
            endpoint,
            method: request.method,
            tenant,
            path,
            query,
            headers: &request.headers,
            base: base.unwrap_or_else(|| login.to_owned()),
            number: directory.entra().requests,
            unix_ms: directory.server_ms(now),
        })
    }

    /// The client's own number of the request; some libraries send it with the address.
    pub(super) fn client_request_id(&self) -> Option<&str> {
        let in_query = || self.query.split('&').find_map(|pair| pair.strip_prefix("client-request-id="));
        self.headers.get("client-request-id").or_else(in_query)
    }

    /// The parameters of the address.
    pub(super) fn parameters(&self) -> Result<Fields, Refused> {
        fields(self.query).map_err(|_| Refused::own("invalid_request", "The address can't be read."))
    }

    /// Whether a page of a browser asks.
    pub(super) fn is_page(&self) -> bool {
        self.headers.get("Origin").is_some()
    }
}

fn endpoint(path: &str) -> Option<(&str, Endpoint)> {
    let (tenant, rest) = path.trim_matches('/').split_once('/')?;
    // Most requests are Graph's.
    if ["v1.0", "beta", "simulator", "metadata", "msi"].contains(&tenant) {
        return None;
    }
    let rest: Vec<&str> = rest.split('/').collect();
    let endpoint = match rest.as_slice() {
        ["oauth2", "v2.0", "token"] => Endpoint::Token,
        ["oauth2", "token"] => Endpoint::TokenV1,
        ["oauth2", "v2.0", "authorize"] => Endpoint::Authorize,
        ["oauth2", "v2.0", "devicecode"] => Endpoint::DeviceCode,
        ["oauth2", "deviceauth"] => Endpoint::DeviceLogin,
        ["v2.0", "adminconsent"] => Endpoint::AdminConsent,
        ["v2.0", ".well-known", "openid-configuration"] => Endpoint::Configuration { v2: true },
        [".well-known", "openid-configuration"] => Endpoint::Configuration { v2: false },
        ["discovery", "v2.0", "keys"] | ["discovery", "keys"] => Endpoint::Keys,
        ["discovery", "instance"] => Endpoint::Instance,
        ["oauth2", ..] | ["adminconsent"] => Endpoint::Other,
        _ => return None,
    };
    Some((tenant, endpoint))
}

/// `proto=https;host=localhost:8080` (RFC 7239).
fn forwarded(value: &str) -> Option<String> {
    let part = |name: &str| {
        value.split(';').find_map(|pair| {
            let (key, value) = pair.trim().split_once('=')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim_matches('"'))
        })
    };
    Some(format!("{}://{}", part("proto")?, part("host")?))
}

/// A request to the token endpoint.
pub(super) struct Call<'a> {
    pub(super) directory: &'a mut Directory,
    pub(super) now: Now,
    pub(super) place: Place<'a>,
    pub(super) form: Fields,
}

impl Call<'_> {
    /// A field that is there and not empty.
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        self.form.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    pub(super) fn required(&self, name: &str) -> Result<&str, Refused> {
        self.field(name).ok_or_else(|| Refused::required(name))
    }
}

/// The fields of a form, with client id and secret by HTTP's own sign-in, where they came so.
pub(super) fn form(authorization: Option<&str>, request: &Request) -> Result<Fields, Refused> {
    let refuse = |text: &str| Refused::own("invalid_request", text);
    let kind = request.headers.get("Content-Type").unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err(refuse("The body must be of the type application/x-www-form-urlencoded."));
    }
    let body = std::str::from_utf8(&request.body).map_err(|_| refuse("The body is not a form."))?;
    let mut form = fields(body).map_err(|_| refuse("The body is not a form."))?;
    if let Some((id, secret)) = authorization.and_then(basic) {
        form.entry("client_id".to_owned()).or_insert(id);
        form.entry("client_secret".to_owned()).or_insert(secret);
    }
    Ok(form)
}

fn basic(value: &str) -> Option<(String, String)> {
    let (scheme, value) = value.split_once(' ')?;
    let text = STANDARD.decode(value).ok().filter(|_| scheme.eq_ignore_ascii_case("Basic"))?;
    let text = String::from_utf8(text).ok()?;
    let (id, secret) = text.split_once(':')?;
    let decoded = |text| percent_decode_str(text).decode_utf8().ok().map(std::borrow::Cow::into_owned);
    Some((decoded(id)?, decoded(secret)?))
}

/// Fields that are joined by `&`. One that comes twice has its last value.
pub(super) fn fields(text: &str) -> Result<Fields, Utf8Error> {
    let decode = |text: &str| {
        let spaced = text.replace('+', " ");
        percent_decode_str(&spaced).decode_utf8().map(std::borrow::Cow::into_owned)
    };
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    try_filled(pairs.map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        Ok((decode(name)?, decode(value)?))
    }))
}
