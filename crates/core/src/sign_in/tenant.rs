//! The tenant that a sign-in goes to.

use crate::ObjectId;
use crate::validate::{RuleCode, Violation, is_domain};
use std::fmt;

const FIELD: &str = "tenantId";

/// The names that stand for any tenant: Entra finds the tenant by the person who signs in
/// (docs/sign-in.md#every-leg).
const SHARED: [&str; 2] = ["common", "organizations"];

/// A tenant, as its GUID or one of its domains, in lower case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tenant(String);

impl Tenant {
    /// Reads a GUID or a domain. `common` and `organizations` are names of any tenant, which only a person's sign-in can
    /// use: [`Tenant::of_person`] takes them.
    ///
    /// # Errors
    /// `Required`, `SharedTenant` or `NotATenant`, with the field `tenantId`.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        let tenant = Self::of_person(text)?;
        if tenant.is_shared() {
            let message = format!("{:?} stands for any tenant, and this sign-in needs one.", tenant.0);
            let fix = "Give the tenant's id (Entra ID > Overview) or one of its domains.";
            return Err(Violation::new(RuleCode::SharedTenant, FIELD, message, fix));
        }
        Ok(tenant)
    }

    /// The same for a person's sign-in, which may leave open which tenant it is: `common` and `organizations` are taken.
    /// `consumers` is not: the accounts there are in no directory.
    ///
    /// # Errors
    /// `Required`, `SharedTenant` or `NotATenant`, with the field `tenantId`.
    pub fn of_person(text: &str) -> Result<Self, Violation> {
        let name = text.trim().to_ascii_lowercase();
        if name.is_empty() {
            return Err(Violation::required(FIELD));
        }
        if name == "consumers" {
            let message = "\"consumers\" is for personal accounts, which are in no directory of Entra's.";
            let fix = "Give the tenant's id (Entra ID > Overview) or one of its domains.";
            return Err(Violation::new(RuleCode::SharedTenant, FIELD, message, fix));
        }
        if name.parse::<ObjectId>().is_ok() || is_domain(&name) || SHARED.contains(&name.as_str()) {
            return Ok(Self(name));
        }
        // It is not repeated: it may be a secret in the wrong place.
        let message = "It is neither a GUID nor a domain.";
        let fix = "Give the tenant's id (Entra ID > Overview) or one of its domains, such as contoso.onmicrosoft.com.";
        Err(Violation::new(RuleCode::NotATenant, FIELD, message, fix))
    }

    /// The GUID or the domain.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is `common` or `organizations`.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        SHARED.contains(&self.0.as_str())
    }
}

impl fmt::Display for Tenant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}
