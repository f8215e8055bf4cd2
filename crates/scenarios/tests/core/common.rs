//! Helpers that the tests of operations share.

use agentuser_core::ObjectId;
use agentuser_core::flow::Report;
use agentuser_core::graph::{Cloud, Endpoint};
use agentuser_core::model::{
    AgentUserPatch, DesiredUser, Draft, Member, MemberValue, SponsorRef, UserRef, WantedLicense,
};
use agentuser_core::operation::{Graph, Items, Limits, Session, Settings};
use agentuser_core::problem::{Code, Problem};
use agentuser_core::roster::{Roster, RosterSettings};
use agentuser_core::validate::TenantFacts;
use agentuser_scenarios::Mutation;
use agentuser_simulator::{
    Faults, Interruption, License, Life, Network, Ran, Switches, Tenant, World, ids, tenant,
};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::future::Future;
use std::time::Duration;

pub fn world(contoso: Tenant, faults: Faults) -> World {
    world_as(contoso, faults, tenant::ADMIN)
}

pub fn world_as(contoso: Tenant, faults: Faults, token: &str) -> World {
    World::new(Network::new(contoso.build(), faults), token)
}

pub fn session() -> Session {
    let mut settings = Settings::new(Endpoint::from(Cloud::Global));
    // On a network that loses every second answer, provisioning takes longer than the usual timeout.
    settings.provision_timeout = Duration::from_secs(24 * 3600);
    settings.retry.first_contact_tries = settings.retry.tries;
    Session::new(settings)
}

pub fn run<I, T, F, Fut>(world: &mut World, flow: F) -> Ran<I, T>
where
    F: FnOnce(Graph, Items<I>) -> Fut,
    Fut: Future<Output = Result<T, Problem>> + Send + 'static,
{
    run_interrupted(world, flow, Interruption::Never)
}

pub fn run_interrupted<I, T, F, Fut>(world: &mut World, flow: F, interruption: Interruption) -> Ran<I, T>
where
    F: FnOnce(Graph, Items<I>) -> Fut,
    Fut: Future<Output = Result<T, Problem>> + Send + 'static,
{
    // The tests look at single requests.
    let limits = Limits { batch: 1, ..Limits::default() };
    let operation = session().with_limits(limits).start(0, flow);
    world.run_until(operation, interruption)
}

/// A flow without items.
pub fn single<T, F, Fut>(world: &mut World, flow: F) -> Ran<(), T>
where
    F: FnOnce(Graph) -> Fut,
    Fut: Future<Output = Result<T, Problem>> + Send + 'static,
{
    run(world, |graph, _: Items<()>| flow(graph))
}

/// A row of a roster, in a line.
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

    pub fn wanted(&self) -> DesiredUser {
        let mut draft = Draft::new()
            .parent(self.parent.to_string())
            .with_text(Member::UserPrincipalName, &self.upn)
            .with_text(Member::DisplayName, self.upn.split('@').next().unwrap());
        if let Some(location) = self.location {
            draft = draft.with_text(Member::UsageLocation, location);
        }
        DesiredUser::from_draft(draft, None, &TenantFacts::default())
            .unwrap()
            .with_manager(self.manager.as_ref().map(|name| UserRef::parse(name).unwrap()))
            .with_sponsors(self.sponsors.iter().map(|name| SponsorRef::parse(name).unwrap()).collect())
            .with_licenses(self.licenses.iter().map(|name| WantedLicense::parse(name).unwrap()).collect())
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
    let user = |user: &agentuser_simulator::User| {
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

/// A tenant with agent users in every state that a flow begins with.
///
/// Agent 1 has a manager (human 1), sponsors (human 2, group 1), a job title and a license; agent 2 has nothing but a
/// usage location; agent 3 is in the recycle bin, and so is human 5.
pub fn populated() -> Tenant {
    let long_ago =
        |tenant: Tenant, id| tenant.change_user(id, |user| user.life = Life::Deleted(user.created));
    let tenant = Tenant::contoso(0).populate(1, 4, 1).change_user(ids::agent_user(1), |user| {
        user.manager = Some(ids::human(1));
        user.sponsors.extend([ids::human(2), ids::group(1)]);
        user.extras.insert("jobTitle".to_owned(), "Clerk".into());
        let license = License { disabled_plans: BTreeSet::new(), assigned: user.created, error: None };
        user.licenses.insert(ids::sku(tenant::FULL_SKU), license);
    });
    let tenant = tenant.change_group(2, |group| group.members.extend([ids::agent_user(1)]));
    long_ago(long_ago(tenant, ids::agent_user(3)), ids::human(5))
}

/// Sets these members.
pub fn update<const N: usize>(members: [(Member, MemberValue); N]) -> Mutation {
    Mutation::Update(AgentUserPatch::parse(members).unwrap())
}

pub fn set_job(title: &str) -> Mutation {
    update([(Member::JobTitle, MemberValue::Text(title.to_owned()))])
}

/// Whether a change is made, as the write master has it.
pub fn is_so(mutation: &Mutation, world: &World, id: ObjectId) -> bool {
    mutation.is_so(world.network().directory(), id)
}

/// Makes a change.
pub fn act(world: &mut World, mutation: &Mutation, id: ObjectId, dry_run: bool) -> Ran<(), Report> {
    let mutation = mutation.clone();
    single(world, move |graph| mutation.flow(graph, id, dry_run))
}

pub const ONE: ObjectId = ids::agent_user(1);
pub const TWO: ObjectId = ids::agent_user(2);
pub const BINNED: ObjectId = ids::agent_user(3);

pub fn result<T, F, Fut>(world: &mut World, flow: F) -> Result<T, Problem>
where
    F: FnOnce(Graph) -> Fut,
    Fut: Future<Output = Result<T, Problem>> + Send + 'static,
{
    single(world, flow).result.unwrap()
}

pub fn code<T: std::fmt::Debug>(result: Result<T, Problem>) -> Code {
    let problem = result.unwrap_err();
    assert!(!problem.fix().is_empty(), "{problem:?}");
    problem.code()
}

pub fn done(world: &mut World, mutation: &Mutation, id: ObjectId) -> Report {
    act(world, mutation, id, false)
        .result
        .unwrap()
        .unwrap_or_else(|problem| panic!("{mutation:?}: {problem:?}"))
}

pub fn refused(world: &mut World, mutation: &Mutation, id: ObjectId) -> Code {
    code(act(world, mutation, id, false).result.unwrap())
}

pub fn with(switches: Switches) -> World {
    world(populated().switches(switches), Faults::none())
}

pub fn writes(world: &World) -> u64 {
    world.network().directory().stats().writes
}

pub fn text(text: &str) -> MemberValue {
    MemberValue::Text(text.to_owned())
}
