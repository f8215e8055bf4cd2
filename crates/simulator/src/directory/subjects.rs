//! Objects as queries look at them.

use super::query::Order;
use super::query::evaluate::{Member, Subject, in_any_case};
use super::route::Cast;
use super::{Directory, ServicePrincipal, User};
use agentuser_core::Now;
use std::borrow::Cow;
use std::cmp::Ordering;

/// A user as it is seen at a moment.
pub(super) struct SeenUser<'a> {
    pub(super) directory: &'a Directory,
    pub(super) user: &'a User,
    pub(super) now: Now,
}

impl Subject for SeenUser<'_> {
    /// The members that every run filters by are read without a copy.
    fn member(&self, name: &str) -> Member<'_> {
        let user = self.user;
        match name {
            "accountEnabled" => Member::Bool(user.account_enabled),
            "displayName" => Member::Text(Cow::Borrowed(&user.display_name)),
            "mailNickname" => Member::Text(Cow::Borrowed(&user.mail_nickname)),
            "userPrincipalName" if user.life.is_live() => {
                Member::Text(Cow::Borrowed(&user.user_principal_name))
            }
            "identityParentId" => {
                user.parent.map_or(Member::Null, |id| Member::Text(Cow::Owned(id.to_string())))
            }
            _ => self
                .directory
                .user_member(user, name, self.now)
                .map_or(Member::Null, |(_, value)| Member::Json(Cow::Owned(value))),
        }
    }

    fn is_of(&self, cast: Cast) -> bool {
        cast == Cast::User || cast == Cast::AgentUser && self.user.is_agent()
    }
}

/// A service principal.
pub(super) struct SeenPrincipal<'a>(pub(super) &'a ServicePrincipal);

impl Subject for SeenPrincipal<'_> {
    fn member(&self, name: &str) -> Member<'_> {
        match name {
            "displayName" => Member::Text(Cow::Borrowed(&self.0.display_name)),
            "accountEnabled" => Member::Bool(self.0.account_enabled),
            _ => super::render::principal_member(self.0, name)
                .map_or(Member::Null, |value| Member::Json(Cow::Owned(value))),
        }
    }

    fn is_of(&self, cast: Cast) -> bool {
        super::service_principals::is_of(self.0, cast)
    }
}

/// The order of two objects. An object without a value comes first; letter case is ignored.
pub(super) fn compare(order: &[Order], one: &dyn Subject, other: &dyn Subject) -> Ordering {
    let text = |subject: &dyn Subject, name: &str| match subject.member(name) {
        Member::Text(text) => text.into_owned(),
        Member::Json(value) => value.as_str().unwrap_or_default().to_owned(),
        Member::Bool(_) | Member::Null => String::new(),
    };
    order.iter().fold(Ordering::Equal, |so_far, by| {
        so_far.then_with(|| {
            let ascending = in_any_case(&text(one, by.property), &text(other, by.property));
            if by.descending { ascending.reverse() } else { ascending }
        })
    })
}
