//! The asks for tokens of a scenario, and their ends.

use super::plan::{AskPlan, Then, WhoPlan};
use super::request::{Person, Wants};
use super::run::{Arena, Event, Open};
use super::world::{SCOPES, upn};
use crate::violation::{Invariant, Violation};
use agentuser_core::graph::Cloud;
use agentuser_core::problem::Problem;
use agentuser_core::sign_in::acquisition::{Granted, Renewal, Wanted};
use agentuser_core::sign_in::{Login, Prompt, Scopes, Secret, SignIn, Tenant, UserOf, Who};
use agentuser_simulator::ids;
use std::time::Duration;

/// The claims of Graph's challenges.
const CLAIMS: [&str; 2] =
    [r#"{"access_token":{"nbf":{"value":"1"}}}"#, r#"{"access_token":{"nbf":{"value":"2"}}}"#];

impl Arena<'_> {
    pub(super) fn ask(&mut self, plan: AskPlan, renewal: Renewal) -> Result<(), Violation> {
        let (sign_in, wants, scope) = self.wanted(&plan)?;
        if let Some(tag) = renewal.refused {
            self.model.refuse(tag.0);
        }
        let scopes = Scopes::new([scope]).map_err(refused)?;
        self.model.asks_for(renewal.claims.as_ref());
        let ask = self.engine.ask(&Wanted { sign_in, scopes }, renewal.clone()).map_err(refused)?;
        self.trace.say(self.now, || format!("{ask:?} asks for {wants:?} after {renewal:?}"));
        if plan.then == Then::GivenUp {
            let wait = self.draw("gives up").below("after", 3_000);
            self.after(Duration::from_millis(u64::from(wait)), Event::GiveUp(ask));
        }
        self.asks.insert(ask, Open { plan, wants, renewal, at: self.now.mono });
        Ok(())
    }

    fn wanted(&mut self, plan: &AskPlan) -> Result<(SignIn, Wants, &'static str), Violation> {
        let blueprint = ids::blueprint_app(1);
        let of_users = SCOPES.get(plan.scope as usize).copied().unwrap_or(SCOPES[0]);
        let lower = of_users.to_lowercase();
        let own = SCOPES[0].to_owned();
        let identity = |agent: u32| ids::identity(agent);
        let (who, wants, scope) = match plan.who {
            WhoPlan::Blueprint => (
                Who::Application { client_id: blueprint.into() },
                Wants::Application(blueprint.to_string(), own),
                SCOPES[0],
            ),
            WhoPlan::Identity(agent) => {
                let who =
                    Who::AgentIdentity { blueprint: blueprint.into(), identity: identity(agent).into() };
                (who, Wants::AgentIdentity(identity(agent).to_string(), own), SCOPES[0])
            }
            WhoPlan::User(agent, by_name) => {
                let name = if by_name { upn(agent) } else { ids::agent_user(agent).to_string() };
                let user = if by_name { UserOf::by_name(&name).ok() } else { UserOf::by_id(&name).ok() };
                let user = user.unwrap_or(UserOf::Id(ids::agent_user(agent)));
                let identity = identity(agent);
                let who = Who::AgentUser { blueprint: blueprint.into(), identity: identity.into(), user };
                (who, Wants::AgentUser(identity.to_string(), name, lower), of_users)
            }
            WhoPlan::OnBehalf(agent, person) => {
                let identity = identity(agent);
                let user_token = Secret::from(self.person_token(person));
                let who =
                    Who::OnBehalfOf { blueprint: blueprint.into(), identity: identity.into(), user_token };
                let name = self.person_name(person);
                (who, Wants::OnBehalfOf(identity.to_string(), name, lower), of_users)
            }
            WhoPlan::Person(by_device) => {
                let prompt = if by_device { Prompt::DeviceCode } else { Prompt::Browser };
                let who = Who::Person { client_id: ids::plain_app(2).into(), prompt };
                (who, Wants::Person(SCOPES[1].to_lowercase()), SCOPES[1])
            }
        };
        let tenant = Tenant::parse(&self.world.directory.tenant_id().to_string());
        let tenant = tenant.map_err(|violation| refused(Problem::from_violations(vec![violation])))?;
        let sign_in = SignIn::new(Login::from(Cloud::Global), tenant, who).map_err(refused)?;
        Ok((sign_in, wants, scope))
    }

    /// The token that this person has for the blueprint, which is the same for an hour.
    fn person_token(&mut self, person: u32) -> String {
        if let Some(token) = self.person_tokens.get(&person) {
            return token.clone();
        }
        let token = self.world.person_token(self.now, person);
        self.person_tokens.insert(person, token.clone());
        let known = Person { name: self.person_name(person), ..Person::default() };
        self.persons.insert(token.clone(), known);
        token
    }

    /// A person with another token is another person.
    fn person_name(&self, person: u32) -> String {
        format!("person{person}{}", if self.world.calm { " later" } else { "" })
    }

    /// Graph takes the token, or does not.
    pub(super) fn use_token(&mut self, plan: AskPlan, granted: &Granted) {
        let claims = match plan.then {
            Then::Refused => None,
            Then::Challenged => Some(self.draw("challenge").pick("claims", &CLAIMS).to_owned()),
            Then::Used | Then::GivenUp => return,
        };
        let wait = Duration::from_millis(u64::from(self.draw("refusal").below("after", 4_000)));
        let renewal = Renewal { claims, refused: Some(granted.tag), ..Renewal::default() };
        let plan = AskPlan { then: Then::Used, ..plan };
        self.after(wait, Event::Ask(plan, renewal));
    }
}

fn refused(problem: Problem) -> Violation {
    Violation { invariant: Invariant::RightProblem, what: problem.message().to_owned() }
}
