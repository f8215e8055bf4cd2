//! The ends of lives, drawn by seed: agent users are retired, contained and handed over on tenants that lag and lose requests, by
//! programs that die, and are brought back by the reports. `AGENTUSER_SEEDS=5000` draws so many.

use crate::common::session;
use agentuser_core::ObjectId;
use agentuser_core::flow::{
    self, ApplyRequest, ContainRequest, ContainTarget, HandedOver, HandoverRequest, PlanRequest, Report,
    RetireOptions, RetiredUntil, Summary, UndoRequest, VerbArguments,
};
use agentuser_core::hash::{mix, text_key};
use agentuser_core::model::UserRef;
use agentuser_core::operation::{Graph, Items};
use agentuser_core::plan::Plan;
use agentuser_core::problem::{Code, Problem};
use agentuser_simulator::{
    Faults, Interruption, Lag, Life, Network, Ran, Switches, Tenant, World, ids, tenant,
};
use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::time::Duration;

const SEEDS: u64 = 120;
/// Agent users 1 to 6 are of blueprint 11, the others of blueprint 12.
const USERS: u32 = 9;
const OF_FIRST: u32 = 6;

#[derive(Clone, Copy)]
struct Draw(u64);

impl Draw {
    fn below(self, what: &str, most: u32) -> u32 {
        u32::try_from(mix(&[self.0, text_key(what)]) % u64::from(most)).unwrap()
    }

    fn one_in(self, what: &str, times: u32) -> bool {
        self.below(what, times) == 0
    }

    /// Some of the numbers from 1 to `most`; at least one.
    fn some(self, what: &str, most: u32) -> BTreeSet<u32> {
        let some = (1..=most).filter(|n| self.one_in(&format!("{what} {n}"), 3));
        some.chain([1 + self.below(what, most)]).collect()
    }
}

/// What is done.
#[derive(Debug, Clone)]
enum Deed {
    Retire(RetireOptions, BTreeSet<u32>),
    Contain(ContainRequest),
    HandOver(u32, u32, HandedOver),
}

impl Deed {
    fn draw(draw: Draw) -> Self {
        let pick = |what: &str| 1 + draw.below(what, USERS);
        match draw.below("deed", 3) {
            0 => {
                let until = [RetiredUntil::Deleted, RetiredUntil::Disabled, RetiredUntil::Unlicensed];
                let until = until[draw.below("until", 3) as usize];
                let free_seats = draw.one_in("seats", 4);
                let options = RetireOptions { until, free_seats, accept_data_loss: true };
                Self::Retire(options, draw.some("leavers", USERS))
            }
            1 => {
                let target = match draw.below("target", 4) {
                    0 => ContainTarget::User(UserRef::Id(ids::agent_user(pick("user")))),
                    1 => ContainTarget::Identity(ids::identity(pick("identity"))),
                    2 => ContainTarget::Blueprint(ids::blueprint_principal(11)),
                    _ => ContainTarget::Blueprint(ids::blueprint_app(11)),
                };
                let except = draw.one_in("except", 2).then(|| draw.some("excepted", USERS));
                let except = except.into_iter().flatten().map(|n| match n % 2 {
                    0 => UserRef::Id(ids::agent_user(n)),
                    _ => UserRef::Id(ids::identity(n)),
                });
                Self::Contain(ContainRequest { except: except.collect(), ..ContainRequest::new(target) })
            }
            _ => {
                let what = [HandedOver::Both, HandedOver::Manager, HandedOver::Sponsor];
                let from = 1 + draw.below("from", 3);
                Self::HandOver(from, from % 4 + 1, what[draw.below("what", 3) as usize])
            }
        }
    }

    /// The users and the service principals that it may change.
    fn scope(&self) -> (BTreeSet<ObjectId>, BTreeSet<ObjectId>) {
        let users = |numbers: &mut dyn Iterator<Item = u32>| numbers.map(ids::agent_user).collect();
        let identities = |numbers: &mut dyn Iterator<Item = u32>| numbers.map(ids::identity).collect();
        match self {
            Self::Retire(_, leavers) => (users(&mut leavers.iter().copied()), BTreeSet::new()),
            Self::HandOver(..) => (users(&mut (1..=USERS)), identities(&mut (1..=USERS))),
            Self::Contain(request) => {
                let excepted = |n: u32| {
                    let of = |id| request.except.contains(&UserRef::Id(id));
                    of(ids::agent_user(n)) || of(ids::identity(n))
                };
                let below: Vec<u32> = match &request.target {
                    ContainTarget::Blueprint(_) => (1..=OF_FIRST).collect(),
                    ContainTarget::Identity(id) => (1..=USERS).filter(|n| ids::identity(*n) == *id).collect(),
                    ContainTarget::User(user) => {
                        (1..=USERS).filter(|n| UserRef::Id(ids::agent_user(*n)) == *user).collect()
                    }
                    other => panic!("{other:?}"),
                };
                let kept: Vec<u32> = below.iter().copied().filter(|n| !excepted(*n)).collect();
                let mut principals: BTreeSet<ObjectId> = match request.target {
                    ContainTarget::User(_) => BTreeSet::new(),
                    _ => identities(&mut kept.iter().copied()),
                };
                let is_whole = kept.len() == below.len();
                if matches!(request.target, ContainTarget::Blueprint(_)) && is_whole {
                    principals.insert(ids::blueprint_principal(11));
                }
                (users(&mut kept.into_iter()), principals)
            }
        }
    }
}

/// What counts of a user.
type UserState = (bool, bool, Option<ObjectId>, BTreeSet<ObjectId>, BTreeSet<ObjectId>);

/// The users, and the service principals: whether each is enabled, and its sponsors.
#[derive(Debug, Clone, PartialEq)]
struct State {
    users: BTreeMap<ObjectId, UserState>,
    principals: BTreeMap<ObjectId, (bool, BTreeSet<ObjectId>)>,
}

fn state(world: &World) -> State {
    let directory = world.network().directory();
    let users = directory.all_users().map(|user| {
        let licenses = user.licenses.keys().copied().collect();
        let live = user.life == Life::Live;
        (user.id, (user.account_enabled, live, user.manager, user.sponsors.clone(), licenses))
    });
    let identities = directory.agent_identities().map(|one| one.id);
    let principals = identities.chain([11, 12].map(ids::blueprint_principal)).map(|id| {
        let one = directory.find_principal(id).unwrap();
        (id, (one.account_enabled, one.sponsors.clone()))
    });
    State { users: users.collect(), principals: principals.collect() }
}

/// A tenant in which each agent user and agent identity has a sponsor.
fn begin(draw: Draw) -> World {
    let mut tenant = Tenant::contoso(0).blueprint(11).blueprint(12).seats(50);
    tenant = tenant.populate(1, OF_FIRST, 11).populate(OF_FIRST + 1, USERS, 12);
    for n in [tenant::DISABLED_IDENTITY, tenant::BANNED_IDENTITY, tenant::TAKEN_IDENTITY] {
        tenant = tenant.change_identity(n, |identity| identity.sponsors = BTreeSet::from([ids::human(5)]));
    }
    for n in 1..=USERS {
        let own = Draw(mix(&[draw.0, n.into()]));
        let humans = |what: &str| own.some(what, 4).into_iter().map(ids::human).collect::<BTreeSet<_>>();
        tenant = tenant
            .change_user(ids::agent_user(n), |user| {
                user.manager = own.one_in("managed", 2).then(|| ids::human(1 + own.below("manager", 4)));
                user.sponsors = humans("sponsors");
                user.account_enabled = !own.one_in("disabled", 5);
                if own.one_in("licensed", 2) {
                    let assigned = user.created;
                    let license = agentuser_simulator::License {
                        disabled_plans: BTreeSet::new(),
                        assigned,
                        error: None,
                    };
                    user.licenses.insert(ids::sku(tenant::FULL_SKU), license);
                }
            })
            .change_identity(n, |identity| {
                identity.sponsors = humans("sponsors of the parent");
                identity.account_enabled = !own.one_in("parent disabled", 5);
            });
    }
    let lag = Duration::from_secs(u64::from(draw.below("lag", 30)));
    let tenant = tenant.switches(Switches::from_seed(draw.0)).lag(Lag::seeded(draw.0, lag));
    let faults = if draw.one_in("calm", 2) { Faults::none() } else { Faults::seeded(draw.0, 80).brisk() };
    World::new(Network::new(tenant.build(), faults), tenant::ADMIN)
}

fn run<T, F>(
    world: &mut World,
    interruption: Interruption,
    flow: impl FnOnce(Graph, Items<Report>) -> F,
) -> Ran<Report, T>
where
    F: Future<Output = Result<T, Problem>> + Send + 'static,
{
    world.forget_hosts();
    world.run_until(session().start(7, flow), interruption)
}

/// The plan of a deed, where it is one.
fn plan(world: &mut World, deed: &Deed) -> Option<Plan> {
    match deed.clone() {
        Deed::Retire(options, leavers) => {
            let users = leavers.into_iter().map(|n| UserRef::Id(ids::agent_user(n))).collect();
            let request = PlanRequest { arguments: VerbArguments::Retire(options), users };
            run(world, Interruption::Never, |graph, items| flow::plan(graph, request, items)).result?.ok()
        }
        Deed::HandOver(from, to, what) => {
            let name = |n: u32| format!("human{n}@contoso.com");
            let request = HandoverRequest::of_one(&name(from), &name(to), what).unwrap();
            run(world, Interruption::Never, |graph, items| flow::plan_handover(graph, request, items))
                .result?
                .ok()
        }
        Deed::Contain(_) => None,
    }
}

fn act(
    world: &mut World,
    deed: &Deed,
    plan: Option<&Plan>,
    interruption: Interruption,
) -> (Option<Result<Summary, Problem>>, Vec<Report>) {
    let ran = match (deed, plan) {
        (Deed::Contain(request), _) => {
            let request = request.clone();
            run(world, interruption, |graph, items| flow::contain(graph, request, items))
        }
        (_, Some(plan)) => {
            let (file, request) = (plan.to_file().into_bytes(), ApplyRequest::approved(plan.digest()));
            run(world, interruption, |graph, items| flow::apply_plan(graph, file, request, items))
        }
        (_, None) => return (None, Vec::new()),
    };
    (ran.result, ran.items)
}

/// Whether what was to be done is done.
fn is_done(deed: &Deed, state: &State) -> bool {
    let (users, principals) = deed.scope();
    let user = |id: &ObjectId| &state.users[id];
    match deed {
        Deed::Retire(options, _) => users.iter().all(|id| {
            let (enabled, live, _, _, licenses) = user(id);
            let licensed = options.free_seats || options.until == RetiredUntil::Unlicensed;
            !enabled && *live != options.until.deletes() && (!licensed || licenses.is_empty())
        }),
        Deed::Contain(_) => {
            users.iter().all(|id| !user(id).0) && principals.iter().all(|id| !state.principals[id].0)
        }
        Deed::HandOver(from, _, what) => {
            let gone = ids::human(*from);
            users.iter().all(|id| {
                let (_, _, manager, sponsors, _) = user(id);
                (*what == HandedOver::Sponsor || *manager != Some(gone))
                    && (*what == HandedOver::Manager || !sponsors.contains(&gone))
            })
        }
    }
}

fn check_scope(seed: u64, deed: &Deed, before: &State, now: &State) {
    let (users, principals) = deed.scope();
    for (id, was) in before.users.iter().filter(|(id, _)| !users.contains(id)) {
        assert_eq!(&now.users[id], was, "seed {seed}: {deed:?} touched the user {id}");
    }
    for (id, was) in before.principals.iter().filter(|(id, _)| !principals.contains(id)) {
        assert_eq!(&now.principals[id], was, "seed {seed}: {deed:?} touched {id}");
    }
    let agents = (1..=USERS).map(ids::agent_user);
    assert!(agents.into_iter().all(|id| !now.users[&id].3.is_empty()), "seed {seed}: no sponsor is left");
    let parents = (1..=USERS).map(ids::identity);
    assert!(
        parents.into_iter().all(|id| !now.principals[&id].1.is_empty()),
        "seed {seed}: no sponsor is left"
    );
}

fn play(seed: u64) {
    let draw = Draw(mix(&[seed, text_key("ends of lives")]));
    let deed = Deed::draw(draw);
    let mut world = begin(draw);
    let before = state(&world);
    let plan = (0..5).find_map(|_| plan(&mut world, &deed));
    assert_eq!(state(&world), before, "seed {seed}: planning {deed:?} changed something");
    let mut reports = Vec::new();
    if draw.one_in("dies", 2) {
        let after = 1 + draw.below("after", 60);
        let (_, items) = act(&mut world, &deed, plan.as_ref(), Interruption::Dies { after });
        reports.extend(items);
        check_scope(seed, &deed, &before, &state(&world));
        world.pass(Duration::from_secs(600));
    }
    let died = state(&world) != before;
    world.network_mut().set_faults(Faults::none());
    world.pass(Duration::from_secs(600));
    let (result, items) = act(&mut world, &deed, plan.as_ref(), Interruption::Never);
    reports.extend(items);
    let done = state(&world);
    check_scope(seed, &deed, &before, &done);
    match result {
        // What was named is among the accounts that are never stopped.
        Some(Err(problem)) => {
            assert_eq!(problem.code(), Code::NeverStopped, "seed {seed}: {problem:?}");
            assert_eq!(done, before, "seed {seed}");
            return;
        }
        Some(Ok(_)) => assert!(is_done(&deed, &done), "seed {seed}: {deed:?} is not done: {reports:#?}"),
        None => panic!("seed {seed}: {deed:?} was not planned"),
    }
    // The reports of a program that died are not whole.
    if matches!(deed, Deed::HandOver(..)) || died {
        return;
    }
    world.pass(Duration::from_secs(600));
    let file = serde_json::to_vec(&reports).unwrap();
    let undone = run(&mut world, Interruption::Never, |graph, items| {
        flow::restore_reported(graph, file, UndoRequest::default(), items)
    });
    match undone.result.unwrap() {
        Ok(summary) => assert_eq!(summary.failed, 0, "seed {seed}: {:#?}", undone.items),
        // Nothing was to be done, and so nothing is to be taken back.
        Err(problem) => assert_eq!(problem.code(), Code::ReportUnreadable, "seed {seed}: {problem:?}"),
    }
    assert_eq!(state(&world), before, "seed {seed}: {deed:?} was not brought back: {reports:#?}");
}

#[test]
fn whatever_is_drawn_nothing_beside_it_is_touched_and_reports_bring_it_back() {
    let seeds = std::env::var("AGENTUSER_SEEDS").map_or(SEEDS, |seeds| seeds.parse().unwrap());
    (0..seeds).for_each(play);
}
