//! What the tests of operations share.
#![allow(dead_code)]

use agentuser_core::ObjectId;
use agentuser_core::flow::Wanted;
use agentuser_core::graph::{Cloud, Root};
use agentuser_core::model::{Draft, Member, SkuRef, SponsorRef, UserRef};
use agentuser_core::operation::{Graph, Items, Limits, Session, Settings};
use agentuser_core::problem::Problem;
use agentuser_core::roster::{Roster, RosterSettings};
use agentuser_core::validate::Known;
use agentuser_sim::{Cut, Faults, Network, Ran, Tenant, World, ids, tenant};
use serde_json::{Value, json};
use std::future::Future;
use std::time::Duration;

pub fn world(contoso: Tenant, faults: Faults) -> World {
    world_as(contoso, faults, tenant::ADMIN)
}

pub fn world_as(contoso: Tenant, faults: Faults, token: &str) -> World {
    World::new(Network::new(contoso.build(), faults), token)
}

pub fn session() -> Session {
    let mut settings = Settings::new(Root::from(Cloud::Global));
    // Networks that lose every second answer take longer than anybody would wait.
    settings.provision_within = Duration::from_secs(24 * 3600);
    settings.retry.first_contact_tries = settings.retry.tries;
    Session::new(settings)
}

pub fn run<I, T, F, Fut>(world: &mut World, flow: F) -> Ran<I, T>
where
    F: FnOnce(Graph, Items<I>) -> Fut,
    Fut: Future<Output = Result<T, Problem>> + Send + 'static,
{
    run_cut(world, flow, Cut::default())
}

pub fn run_cut<I, T, F, Fut>(world: &mut World, flow: F, cut: Cut) -> Ran<I, T>
where
    F: FnOnce(Graph, Items<I>) -> Fut,
    Fut: Future<Output = Result<T, Problem>> + Send + 'static,
{
    let mut operation = session().start(Limits::default(), flow);
    world.run_until(&mut operation, cut)
}

/// A flow without items.
pub fn single<T, F, Fut>(world: &mut World, flow: F) -> Ran<(), T>
where
    F: FnOnce(Graph) -> Fut,
    Fut: Future<Output = Result<T, Problem>> + Send + 'static,
{
    run(world, |graph, _: Items<()>| flow(graph))
}

/// What somebody wants, in a line.
#[derive(Debug, Clone)]
pub struct Want {
    parent: ObjectId,
    upn: String,
    location: Option<&'static str>,
    manager: Option<String>,
    sponsors: Vec<String>,
    licenses: Vec<&'static str>,
}

impl Want {
    pub fn new(n: u32) -> Self {
        Self::of(ids::identity(n), &format!("agent.{n}@contoso.com"))
    }

    pub fn of(parent: ObjectId, upn: &str) -> Self {
        let upn = upn.to_owned();
        Self { parent, upn, location: Some("DE"), manager: None, sponsors: Vec::new(), licenses: Vec::new() }
    }

    pub fn location(self, location: Option<&'static str>) -> Self {
        Self { location, ..self }
    }

    pub fn manager(self, manager: &str) -> Self {
        Self { manager: Some(manager.to_owned()), ..self }
    }

    pub fn sponsor(mut self, sponsor: &str) -> Self {
        self.sponsors.push(sponsor.to_owned());
        self
    }

    pub fn license(mut self, license: &'static str) -> Self {
        self.licenses.push(license);
        self
    }

    pub fn wanted(&self) -> Wanted {
        let mut draft = Draft::new()
            .parent(self.parent.to_string())
            .with_text(Member::UserPrincipalName, &self.upn)
            .with_text(Member::DisplayName, self.upn.split('@').next().unwrap());
        if let Some(location) = self.location {
            draft = draft.with_text(Member::UsageLocation, location);
        }
        Wanted::parse(draft, &Known::default())
            .unwrap()
            .with_manager(self.manager.as_ref().map(|name| UserRef::parse(name).unwrap()))
            .with_sponsors(self.sponsors.iter().map(|name| SponsorRef::parse(name).unwrap()).collect())
            .with_licenses(self.licenses.iter().map(|name| SkuRef::parse(name)).collect())
    }
}

/// The same as the roster that a file would give.
pub fn roster(wants: &[Want]) -> Roster {
    let cell = |values: &[String]| values.join(";");
    let mut csv = String::from(
        "identityParentId,userPrincipalName,displayName,usageLocation,manager,sponsors,licenses\n",
    );
    for want in wants {
        let name = want.upn.split('@').next().unwrap();
        let licenses = want.licenses.join(";");
        let (manager, sponsors) = (want.manager.clone().unwrap_or_default(), cell(&want.sponsors));
        let location = want.location.unwrap_or_default();
        csv.push_str(&format!(
            "{},{},{name},{location},{manager},{sponsors},{licenses}\n",
            want.parent, want.upn
        ));
    }
    Roster::parse(csv.as_bytes(), &RosterSettings::default()).unwrap_or_else(|errors| panic!("{errors:?}"))
}

/// The agent users of a world, without ids that differ from run to run.
pub fn state(world: &World) -> Value {
    let directory = world.network().directory();
    let name = |id: &ObjectId| {
        directory.find_user(*id).map_or_else(|| id.to_string(), |u| u.user_principal_name.clone())
    };
    let user = |user: &agentuser_sim::User| {
        json!({
            "parent": user.parent.map(|id| id.to_string()),
            "upn": user.user_principal_name,
            "displayName": user.display_name,
            "mailNickname": user.mail_nickname,
            "enabled": user.account_enabled,
            "location": user.usage_location,
            "others": user.extras,
            "manager": user.manager.as_ref().map(name),
            "sponsors": user.sponsors.iter().map(name).collect::<Vec<_>>(),
            "licenses": user.licenses.keys().map(ToString::to_string).collect::<Vec<_>>(),
        })
    };
    Value::Array(directory.agent_users().map(user).collect())
}
