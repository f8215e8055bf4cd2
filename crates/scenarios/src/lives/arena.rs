//! A tenant on the virtual clock, with a guard, and one program at work on it.

use super::deed::Deed;
use super::guard::{Guard, Rules};
use super::sabotage::Sabotage;
use super::scenario::LifeScenario;
use super::tenant::AUTHORIZATION;
use crate::parts;
use crate::request::body_text;
use crate::trace::seconds;
use crate::violation::{Invariant, Violation, require};
use agentuser_core::graph::{Cloud, Endpoint};
use agentuser_core::hash::mix;
use agentuser_core::http::{Headers, Method, Request};
use agentuser_core::operation::{Graph, Items, Limits, Outgoing, Session, Settings, TokenTag};
use agentuser_core::problem::{Code, Problem};
use agentuser_core::{Now, ObjectId};
use agentuser_simulator::{
    Delivered, Directory, Faults, Host, Interrupted, Interruption, Polled, Progress, Sending, Task, World,
    ids, tenant,
};
use std::fmt::Debug;
use std::future::Future;
use std::time::Duration;

/// More polls than anything here takes.
const MOST_POLLS: u32 = 300_000;

/// The result of a run; none of one that died.
pub(super) type Ended<T> = Option<Result<T, Problem>>;

pub(super) struct Arena<'a> {
    pub(super) scenario: &'a LifeScenario,
    pub(super) world: World,
    pub(super) guard: Guard,
}

impl<'a> Arena<'a> {
    pub(super) fn new(scenario: &'a LifeScenario, verbose: bool) -> Self {
        let world = scenario.world();
        let blueprints = [11, 12].map(ids::blueprint_principal);
        let guard = Guard::new(verbose, world.network().directory(), blueprints);
        Self { scenario, world, guard }
    }

    pub(super) const fn directory(&self) -> &Directory {
        self.world.network().directory()
    }

    /// Ends what goes wrong, and lets everything be seen by all.
    pub(super) fn calm_down(&mut self) -> Result<(), Violation> {
        self.world.network_mut().set_faults(Faults::none());
        self.pass()
    }

    /// Lets time pass: what was on its way arrives, and every change is seen.
    pub(super) fn pass(&mut self) -> Result<(), Violation> {
        let end = self.world.now().mono.saturating_add(Duration::from_secs(1200));
        let mut nobody: At<'_, (), ()> = At::new(self.scenario, &mut self.guard, None);
        self.world.advance(&mut nobody, end)?;
        let now = self.world.now();
        self.world.network_mut().pass_time(now);
        self.guard.look(self.world.network().directory())
    }

    /// An admin writes something.
    pub(super) fn admin(&mut self, method: Method, path: &str, body: &str) -> u16 {
        let now = self.world.now();
        self.guard.trace.say(now, || format!("admin > {method} {path} {body}"));
        let status = admin(&mut self.world, method, path, body);
        let rules = std::mem::take(&mut self.guard.rules);
        self.guard.begin(self.world.network().directory(), rules);
        status
    }

    /// Runs an operation under rules, to its end or to where it is interrupted.
    pub(super) fn run<I: Debug, T: Debug, F>(
        &mut self,
        rules: Rules,
        interruption: Interruption,
        flow: impl FnOnce(Graph, Items<I>) -> F,
    ) -> Result<(Ended<T>, Vec<I>), Violation>
    where
        F: Future<Output = Result<T, Problem>> + Send + 'static,
    {
        self.guard.begin(self.world.network().directory(), rules);
        self.world.forget_hosts();
        let mut settings = Settings::new(Endpoint::from(Cloud::Global));
        settings.retry.first_contact_tries = settings.retry.tries;
        let batch = if self.scenario.single { 1 } else { Limits::default().batch };
        let session = Session::new(settings).with_limits(Limits { batch, ..Limits::default() });
        let task = Task::new(session.start(self.scenario.seed, flow)).interrupted(interruption);
        let mut host = At::new(self.scenario, &mut self.guard, Some(task));
        let progress = self.world.drive(&mut host)?;
        let At { items, ended, .. } = host;
        require(progress != Progress::Stuck, Invariant::Ends, || "it waits for nothing".to_owned())?;
        let internal =
            ended.as_ref().and_then(|one| one.as_ref().err()).filter(|one| one.code() == Code::Internal);
        require(internal.is_none(), Invariant::NoInternalProblem, || format!("{internal:?}"))?;
        Ok((ended, items))
    }

    /// The same without items.
    pub(super) fn ask<T: Debug, F>(
        &mut self,
        rules: Rules,
        flow: impl FnOnce(Graph) -> F,
    ) -> Result<Result<T, Problem>, Violation>
    where
        F: Future<Output = Result<T, Problem>> + Send + 'static,
    {
        let (ended, _) = self.run(rules, Interruption::Never, |graph, _: Items<()>| flow(graph))?;
        ended.ok_or_else(|| Violation { invariant: Invariant::Ends, what: "it has no end".to_owned() })
    }
}

/// The program at work, and the guard at the tenant.
struct At<'a, I, T> {
    scenario: &'a LifeScenario,
    guard: &'a mut Guard,
    task: Vec<Task<I, T>>,
    items: Vec<I>,
    ended: Ended<T>,
}

impl<'a, I, T> At<'a, I, T> {
    fn new(scenario: &'a LifeScenario, guard: &'a mut Guard, task: Option<Task<I, T>>) -> Self {
        Self { scenario, guard, task: task.into_iter().collect(), items: Vec::new(), ended: None }
    }

    /// Makes the mistake of the scenario, once a request asks for it.
    fn sabotage(&self, world: &mut World, request: &Request) {
        let stranger = |title: bool| match title {
            true => (format!("/users/{}", ids::human(5)), r#"{"jobTitle":"Spy"}"#),
            false => (format!("/users/{}", ids::human(5)), r#"{"accountEnabled":false}"#),
        };
        let parts = parts::of(request).unwrap_or_default();
        let writes = parts.iter().any(|part| part.request.method != Method::Get);
        match self.scenario.sabotage {
            Some(Sabotage::StopsAnother) if writes && !self.guard.rules.reads => {
                let (path, body) = stranger(false);
                admin(world, Method::Patch, &path, body);
            }
            Some(Sabotage::WritesWhileReading) if self.guard.rules.reads => {
                let (path, body) = stranger(true);
                admin(world, Method::Patch, &path, body);
            }
            Some(Sabotage::ChangesUnplanned) if self.guard.rules.named.is_some() && writes => {
                let (path, body) = stranger(true);
                admin(world, Method::Patch, &path, body);
            }
            Some(Sabotage::RemovesSponsorFirst) => {
                let Deed::HandOver { from, .. } = self.scenario.deed else { return };
                for part in parts.iter().filter(|part| part.request.method == Method::Post) {
                    let path = part.request.url.split_once("/v1.0").map_or("", |(_, path)| path);
                    if let Some(sponsors) =
                        path.strip_suffix("/$ref").filter(|path| path.ends_with("/sponsors"))
                    {
                        admin(world, Method::Delete, &format!("{sponsors}/{}/$ref", ids::human(from)), "");
                    }
                }
            }
            Some(Sabotage::BringsBackMore) if writes && self.guard.rules.undoes => {
                let off =
                    self.scenario.agents.iter().filter(|agent| !agent.enabled).map(super::agents::Agent::id);
                for id in off {
                    admin(world, Method::Patch, &format!("/users/{id}"), r#"{"accountEnabled":true}"#);
                }
            }
            _ => {}
        }
    }
}

impl<I: Debug, T: Debug> Host for At<'_, I, T> {
    type Item = I;
    type End = T;
    type Stop = Violation;

    fn tasks(&mut self) -> impl Iterator<Item = &mut Task<I, T>> {
        self.task.iter_mut()
    }

    fn poll(&mut self, now: Now, place: usize) -> Polled<Self> {
        let Some(task) = self.task.get_mut(place) else { return Ok(None) };
        require(task.polls() < MOST_POLLS, Invariant::Bounded, || "it is polled again and again".to_owned())?;
        Ok(task.poll(now))
    }

    fn sent(&mut self, world: &mut World, place: usize, outgoing: Outgoing) -> Result<(), Violation> {
        let drawn = mix(&[self.scenario.seed, 7, world.serial()]);
        let way = Duration::from_millis(if self.scenario.overtakes { drawn % 100 } else { 0 });
        let (authorization, token) = (AUTHORIZATION.to_owned(), TokenTag(1));
        world.carry(Sending { place: Some(place), outgoing, authorization, token }, way);
        Ok(())
    }

    fn arrived(&mut self, world: &mut World, sending: Sending) -> Result<(), Violation> {
        let Sending { place, outgoing, authorization, token } = sending;
        let (now, request) = (world.now(), &outgoing.request);
        self.sabotage(world, request);
        let delivery = world.network_mut().deliver(now, Some(&authorization), request);
        self.guard.trace.say(now, || {
            let url = request.url.trim_start_matches("https://graph.microsoft.com");
            let said = match &delivery.outcome {
                Delivered::Response(response) => {
                    format!("{}: {}", response.status, String::from_utf8_lossy(&response.body))
                }
                other => format!("{other:?}"),
            };
            let after = seconds(delivery.after);
            format!("{} {url} {} < after {after}, {said}", request.method, body_text(request))
        });
        self.guard.look(world.network().directory())?;
        if let Some(place) = place
            && let Some(answer) = delivery.outcome.into_answer(token)
        {
            world.reply(place, outgoing.id, answer, delivery.after);
        }
        Ok(())
    }

    fn item(&mut self, now: Now, _: usize, item: I) -> Result<(), Violation> {
        self.guard.trace.say(now, || format!("* {item:?}"));
        self.items.push(item);
        Ok(())
    }

    fn interrupted(&mut self, now: Now, _: usize, how: Interrupted) -> Result<(), Violation> {
        self.guard.trace.say(now, || format!("{how:?}"));
        Ok(())
    }

    fn ended(&mut self, now: Now, _: usize, result: Result<T, Problem>) -> Result<(), Violation> {
        self.guard.trace.say(now, || format!("done: {result:?}"));
        self.ended = Some(result);
        Ok(())
    }
}

fn admin(world: &mut World, method: Method, path: &str, body: &str) -> u16 {
    let now = world.now();
    let directory = world.network_mut().directory_mut();
    let url = format!("{}/v1.0{path}", directory.root());
    let headers: Headers = [("Content-Type".to_owned(), "application/json".to_owned())].into_iter().collect();
    let headers = if body.is_empty() { Headers::new() } else { headers };
    let request = Request { method, url, headers, body: body.as_bytes().to_vec() };
    directory.handle(now, Some(tenant::ADMIN), &request).status
}

/// The address of an object in the body of a reference.
pub(super) fn reference(directory: &Directory, id: ObjectId) -> String {
    format!(r#"{{"@odata.id":"{}/v1.0/users/{id}"}}"#, directory.root())
}
