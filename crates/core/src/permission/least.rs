//! The fewest permissions that allow several requests.

use super::{ANY_BLUEPRINT, Caller, OWN_BLUEPRINT};
use crate::call::Call;

/// A call or a member that needs permissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// A call about agent users, or about none.
    Call(Call),
    /// A call about people: the permissions of agent users do not reach them.
    OfPeople(Call),
    /// A member that permissions of its own guard, least privileged first.
    Member(&'static [&'static str]),
}

impl Need {
    /// The permissions that allow it to a caller, any one of them, least privileged first.
    pub(crate) fn allowed_by(self, caller: Caller) -> Vec<&'static str> {
        let of_agents = |one: &&str| [ANY_BLUEPRINT, OWN_BLUEPRINT].contains(one);
        match self {
            Self::Call(call) => caller.allowed_by(call),
            Self::OfPeople(call) => {
                caller.allowed_by(call).into_iter().filter(|one| !of_agents(one)).collect()
            }
            Self::Member(permissions) => permissions.to_vec(),
        }
    }

    /// Whether the permission to write agent users is needed, or helps.
    fn writes_agent_users(self, caller: Caller) -> bool {
        matches!(self, Self::Call(call) if call.is_write() && caller.allowed_by(call).contains(&caller.writes()))
    }
}

/// The fewest permissions that allow all of them beside those that there are: the one that writes agent users where one of them
/// writes; for the others the least privileged that does not go without saying.
pub(crate) fn least(needs: &[Need], caller: Caller, there: &[&'static str]) -> Vec<&'static str> {
    let mut chosen: Vec<&'static str> = Vec::new();
    let covers = |chosen: &[&'static str], need: &Need| {
        // A batch needs what its parts need.
        let any_of = need.allowed_by(caller);
        any_of.is_empty() || any_of.iter().any(|one| chosen.contains(one) || there.contains(one))
    };
    if needs.iter().any(|need| need.writes_agent_users(caller) && !covers(&chosen, need)) {
        chosen.push(caller.writes());
    }
    for need in needs {
        if !covers(&chosen, need) {
            // A blueprint's own permission comes before that for all blueprints; any other caller has no use for it.
            let unfit = if caller == Caller::Blueprint { ANY_BLUEPRINT } else { OWN_BLUEPRINT };
            chosen.extend(need.allowed_by(caller).into_iter().find(|one| *one != unfit));
        }
    }
    // An early call's least permission may be less than what a later one needs.
    let mut at = 0;
    while at < chosen.len() {
        let rest: Vec<&str> =
            chosen.iter().enumerate().filter(|(n, _)| *n != at).map(|(_, one)| *one).collect();
        if needs.iter().all(|need| covers(&rest, need)) {
            chosen.remove(at);
        } else {
            at += 1;
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(calls: &[Call], caller: Caller) -> Vec<&'static str> {
        least(&calls.iter().copied().map(Need::Call).collect::<Vec<_>>(), caller, &[])
    }

    #[test]
    fn each_call_is_allowed_and_nothing_is_more_than_needed() {
        for caller in Caller::ALL {
            let chosen = of(Call::ALL, caller);
            let allows = |chosen: &[&str], call: &Call| {
                let any_of = caller.allowed_by(*call);
                any_of.is_empty() || any_of.iter().any(|one| chosen.contains(one))
            };
            assert!(Call::ALL.iter().all(|call| allows(&chosen, call)), "{chosen:?}");
            for without in 0..chosen.len() {
                let mut rest = chosen.clone();
                let left_out = rest.remove(without);
                assert!(!Call::ALL.iter().all(|call| allows(&rest, call)), "{left_out} goes without saying");
            }
        }
    }

    #[test]
    fn each_caller_has_its_own() {
        let reads = [Call::GetUser, Call::ListSponsors];
        assert_eq!(of(&reads, Caller::Application), ["User.Read.All"]);
        assert_eq!(of(&reads, Caller::Delegated), ["User.ReadBasic.All", "User.Read"]);
        let writes = [Call::GetUser, Call::UpdateAgentUser];
        assert_eq!(of(&writes, Caller::Application), [ANY_BLUEPRINT]);
        assert_eq!(of(&writes, Caller::Blueprint), [OWN_BLUEPRINT]);
        let people = [Need::Call(Call::UpdateAgentUser), Need::OfPeople(Call::GetUser)];
        assert_eq!(least(&people, Caller::Delegated, &[]), [ANY_BLUEPRINT, "User.ReadBasic.All"]);
        assert_eq!(least(&people, Caller::Delegated, &[ANY_BLUEPRINT]), ["User.ReadBasic.All"]);
    }
}
