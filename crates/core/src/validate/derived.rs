//! Both names of an agent user, derived from its display name.

use super::{DisplayName, MailNickname, Upn, Violation, Violations, derive};
use serde::Serialize;

/// Names that are always valid, and always the same for the same input.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Derived {
    /// The mail alias.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub mail_nickname: MailNickname,
    /// The sign-in name, where a domain was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub user_principal_name: Option<Upn>,
}

impl Derived {
    /// The names for this display name, and this domain where one is given.
    ///
    /// # Errors
    /// Every rule that the display name or the domain breaks.
    pub fn of(display_name: &str, domain: Option<&str>, alternative: u32) -> Result<Self, Vec<Violation>> {
        // White space around a name does not count; a name of nothing else is reported as blank.
        let display_name = Some(display_name.trim()).filter(|name| !name.is_empty()).unwrap_or(display_name);
        let mut broken = Violations::default();
        broken.keep(DisplayName::parse(display_name));
        let upn = domain.map(|domain| derive::upn(display_name, domain, alternative));
        let user_principal_name = broken.keep(upn.transpose()).flatten();
        let mail_nickname = derive::mail_nickname(display_name, alternative);
        broken.finish(Some(Self { mail_nickname, user_principal_name }))
    }
}
