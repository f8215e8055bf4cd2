//! Where a sign-in goes.

use super::scopes::Scopes;
use super::tenant::Tenant;
use crate::graph::{Cloud, Endpoint};
use crate::problem::{Code, Problem};
use std::fmt;

/// A sign-in endpoint: an origin over TLS, or on this machine. Secrets are sent there and nowhere else.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Login {
    origin: String,
    audience: Audience,
}

impl Login {
    /// The one rule of where a sign-in goes (docs/sign-in.md#endpoints). In this order: the `loginEndpoint` that is
    /// named; the cloud's; that of the cloud whose Graph `graphEndpoint` is; `graphEndpoint` itself where it is on this
    /// machine, as a simulator's is. Without any of them it is the global cloud's.
    ///
    /// # Errors
    /// [`Code::Invalid`] with the field `loginEndpoint`: it can't be used, or none is named beside a `graphEndpoint`
    /// elsewhere. A secret does not go to a Graph endpoint because nobody said where else.
    pub fn chosen(
        cloud: Option<Cloud>,
        graph_endpoint: Option<&Endpoint>,
        login_endpoint: Option<&str>,
    ) -> Result<Self, Problem> {
        let invalid = |message: String| Problem::new(Code::Invalid, message).with_field("loginEndpoint");
        if let Some(named) = login_endpoint {
            let at = Endpoint::new(named).map_err(|error| {
                invalid(format!("The loginEndpoint can't be used. {error}")).with_fix(
                    "Give an origin: https:// and a host name, such as https://login.microsoftonline.com.",
                )
            })?;
            return Ok(Self::at(at.origin()));
        }
        let known = |at: &Endpoint| Cloud::ALL.iter().copied().find(|cloud| cloud.graph() == at.origin());
        match (cloud, graph_endpoint) {
            (Some(cloud), _) => Ok(cloud.into()),
            (None, None) => Ok(Cloud::Global.into()),
            (None, Some(at)) => match known(at) {
                Some(cloud) => Ok(cloud.into()),
                None if at.is_loopback() => Ok(Self::at(at.origin())),
                None => Err(invalid(format!("The sign-in endpoint for {} is unknown.", at.origin()))
                    .with_cause("A graphEndpoint outside the clouds has a sign-in of its own, and a secret must not go to the wrong one.")
                    .with_fix("Name its sign-in endpoint as loginEndpoint (--login-endpoint, -LoginEndpoint), such as https://login.microsoftonline.com.")),
            },
        }
    }

    /// An origin that was checked, with the audience of the cloud that it belongs to; that of the global cloud elsewhere.
    fn at(origin: &str) -> Self {
        let cloud = Cloud::ALL.iter().copied().find(|cloud| cloud.login() == origin).unwrap_or_default();
        Self { origin: origin.to_owned(), audience: cloud.into() }
    }

    /// The same with another audience of exchange tokens than that of its cloud.
    #[must_use]
    pub fn with_audience(mut self, audience: Audience) -> Self {
        self.audience = audience;
        self
    }

    /// The origin, without a slash at the end.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The token endpoint of a tenant.
    #[must_use]
    pub fn token_endpoint(&self, tenant: &Tenant) -> String {
        format!("{}/{tenant}/oauth2/v2.0/token", self.origin)
    }

    /// The audience of its exchange tokens.
    #[must_use]
    pub fn audience(&self) -> &Audience {
        &self.audience
    }
}

impl From<Cloud> for Login {
    fn from(cloud: Cloud) -> Self {
        Self { origin: cloud.login().to_owned(), audience: cloud.into() }
    }
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.origin)
    }
}

/// The audience of the tokens that are exchanged for others, one per cloud (docs/sign-in.md#endpoints).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Audience(String);

impl Audience {
    /// An audience of one's own, for a cloud that this library does not know: `api://` and a name.
    ///
    /// # Errors
    /// [`Code::Invalid`] with the field `exchangeAudience`.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let name = text.trim().trim_end_matches('/');
        let plain = |name: &str| {
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b))
        };
        if name.strip_prefix("api://").is_some_and(plain) {
            return Ok(Self(name.to_owned()));
        }
        Err(Problem::new(Code::Invalid, "The exchangeAudience is not api:// followed by a name.")
            .with_field("exchangeAudience")
            .with_fix("Leave it out for Microsoft's known clouds, or give the one of this cloud, such as api://AzureADTokenExchange."))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The scope by which its tokens are asked for.
    #[must_use]
    pub fn scope(&self) -> Scopes {
        Scopes::of_resource(&self.0)
    }
}

impl From<Cloud> for Audience {
    fn from(cloud: Cloud) -> Self {
        let name = match cloud {
            Cloud::Global => "api://AzureADTokenExchange",
            Cloud::UsGovernment | Cloud::UsGovernmentDod => "api://AzureADTokenExchangeUSGov",
            Cloud::China => "api://AzureADTokenExchangeChina",
        };
        Self(name.to_owned())
    }
}
