//! The clients at work: every request, answer, item and event is traced and held against the invariants.

use crate::changes::Changes;
use crate::client::{Client, ClientResult};
use crate::others::Others;
use crate::parts::{self, Part};
use crate::request::body_text;
use crate::scenario::Scenario;
use crate::trace::{Trace, seconds};
use crate::violation::{Invariant, Violation, require};
use crate::writes::{changed_since, unique, user_before};
use agentuser_core::Now;
use agentuser_core::flow::Report;
use agentuser_core::hash::mix;
use agentuser_core::http::{Method, Request, Response};
use agentuser_core::operation::{Accepted, Answer, Event, Outgoing, Record, RequestId, TokenTag};
use agentuser_core::problem::Problem;
use agentuser_simulator::{
    Delivered, Delivery, Directory, Host, Interrupted, Polled, Sending, Task, User, World,
};
use std::fmt::Debug;
use std::time::Duration;

pub(crate) struct Watch<'a> {
    pub(crate) scenario: &'a Scenario,
    pub(crate) trace: Trace,
    pub(crate) changes: Changes,
    pub(crate) others: Others,
    /// The clients at work, by their place.
    pub(crate) clients: Vec<Client>,
    /// The network is good: no request is late.
    pub(crate) calm: bool,
    /// How many requests were sent.
    sent: u32,
}

/// How far the directory was before a request arrived.
struct Before {
    /// Entries of its journal.
    entries: usize,
    /// Resource units that it has charged.
    units: u64,
    /// For each part of the request, the agent user that it is about.
    users: Vec<Option<User>>,
}

impl<'a> Watch<'a> {
    pub(crate) fn new(scenario: &'a Scenario, verbose: bool) -> Self {
        Self {
            scenario,
            trace: Trace::new(verbose),
            changes: Changes::default(),
            others: Others::new(&scenario.interventions),
            clients: Vec::new(),
            calm: false,
            sent: 0,
        }
    }

    /// The name of the client at a place; a dash for one that is gone.
    fn name(&self, place: usize) -> char {
        self.clients.get(place).map_or('-', |client| client.name)
    }

    /// Only a server that repeats tokens can bring one to light.
    fn no_secret(&self, place: usize, shown: &impl Debug) -> Result<(), Violation> {
        if !self.scenario.echoes_tokens {
            return Ok(());
        }
        let text = format!("{shown:?}");
        require(!text.contains("c2VjcmV0"), Invariant::NoSecretShown, || {
            format!("client {}: {text}", self.name(place))
        })
    }

    /// How long the next request is on its way: one overtakes another, and some are late by minutes.
    fn way(&self, serial: u64) -> Duration {
        let drawn = mix(&[self.scenario.seed, 4, serial]);
        let late = self.scenario.late && !self.calm && drawn.is_multiple_of(24);
        Duration::from_millis(if late { 5_000 + drawn / 24 % 145_000 } else { drawn / 24 % 100 })
    }

    /// Notes what a request did, and holds it against what its client may do.
    fn note(
        &mut self,
        world: &World,
        place: Option<usize>,
        id: RequestId,
        parts: &[Part<'_>],
        before: &Before,
    ) -> Result<(), Violation> {
        let (directory, now) = (world.network().directory(), world.now().mono);
        let Some(client) = place.and_then(|place| self.clients.get(place)) else {
            self.changes.by_others(changed_since(directory, before.entries), now);
            return Ok(());
        };
        let name = client.name;
        // No client can foresee the cost of a request that it has given up.
        if client.waits_for(id) {
            client.oracle.borrow_mut().spends(now, charged(directory, before))?;
        }
        if parts.iter().all(|part| part.request.method == Method::Get) {
            return Ok(());
        }
        let writes = self.check_writes(directory, client, (parts, &before.users), before.entries)?;
        if let Some(client) = place.and_then(|place| self.clients.get_mut(place)) {
            client.writes.extend(writes);
        }
        self.changes.by_client(name, changed_since(directory, before.entries), now);
        Ok(())
    }
}

impl Host for Watch<'_> {
    type Item = Report;
    type End = ClientResult;
    type Stop = Violation;

    fn tasks(&mut self) -> impl Iterator<Item = &mut Task<Report, ClientResult>> {
        self.clients.iter_mut().map(|client| &mut client.task)
    }

    fn poll(&mut self, now: Now, place: usize) -> Polled<Self> {
        let Some(client) = self.clients.get_mut(place) else { return Ok(None) };
        client.may_be_polled()?;
        Ok(client.task.poll(now))
    }

    fn answer(&mut self, now: Now, place: usize, id: RequestId, answer: Answer) -> Accepted {
        self.clients.get_mut(place).map_or(Accepted::Ignored, |client| client.answer(now.mono, id, answer))
    }

    fn sent(&mut self, world: &mut World, place: usize, outgoing: Outgoing) -> Result<(), Violation> {
        while let Some(one) = self.others.next(self.sent) {
            self.intervene(world, &one);
        }
        let (now, way) = (world.now(), self.way(world.serial()));
        let Some(client) = self.clients.get_mut(place) else { return Ok(()) };
        client.sends(now.mono, &outgoing, &parts_of(client.name, &outgoing.request)?)?;
        self.sent += 1;
        if let Some(refused) = &outgoing.rejected_token
            && refused.tag == TokenTag(client.token)
        {
            client.token += 1;
            let directory = world.network_mut().directory_mut();
            self.others.add_token(client.secret(), refused.claims.as_deref(), directory);
        }
        self.trace.say(now, || {
            let Outgoing { id, request, .. } = &outgoing;
            let url = request.url.trim_start_matches("https://graph.microsoft.com/v1.0");
            format!("{} > #{} {} {url} {}", client.name, id.get(), request.method, body_text(request))
        });
        let (authorization, token) = (format!("Bearer {}", client.secret()), TokenTag(client.token));
        world.carry(Sending { place: Some(place), outgoing, authorization, token }, way);
        Ok(())
    }

    fn arrived(&mut self, world: &mut World, sending: Sending) -> Result<(), Violation> {
        let Sending { place, outgoing, authorization, token } = sending;
        let (now, request) = (world.now(), &outgoing.request);
        let name = place.map_or('-', |place| self.name(place));
        let parts = parts_of(name, request)?;
        let directory = world.network().directory();
        let before = Before {
            entries: directory.journal().len(),
            units: directory.stats().resource_units,
            users: parts.iter().map(|part| user_before(directory, &part.request)).collect(),
        };
        let mut delivery = world.network_mut().deliver(now, Some(&authorization), request);
        let leaks = world.network().leaks();
        require(leaks.is_empty(), Invariant::TokenStays, || {
            format!("{leaks:?} got a token with {} {}", request.method, request.url)
        })?;
        self.note(world, place, outgoing.id, &parts, &before)?;
        unique(world.network().directory(), request)?;
        if self.scenario.echoes_tokens {
            echo(&mut delivery, &authorization);
        }
        self.trace.say(now, || format!("{name} < #{} {}", outgoing.id.get(), brief_delivery(&delivery)));
        sound_batch(name, request, &delivery)?;
        if let Some(place) = place
            && let Some(answer) = delivery.outcome.into_answer(token)
        {
            world.reply(place, outgoing.id, answer, delivery.after);
        }
        Ok(())
    }

    fn aborted(&mut self, now: Now, place: usize, ids: Vec<RequestId>) -> Result<(), Violation> {
        if let Some(client) = self.clients.get_mut(place) {
            self.trace.say(now, || format!("{} gives up {ids:?}", client.name));
            client.aborts(&ids);
        }
        Ok(())
    }

    fn item(&mut self, now: Now, place: usize, report: Report) -> Result<(), Violation> {
        let name = self.name(place);
        self.trace.say(now, || format!("{name} * {}", serde_json::to_string(&report).unwrap_or_default()));
        self.no_secret(place, &report)?;
        if let Some(client) = self.clients.get_mut(place) {
            client.items.push(report);
        }
        Ok(())
    }

    fn event(&mut self, now: Now, place: usize, event: Event) -> Result<(), Violation> {
        let name = self.name(place);
        self.trace.say(now, || format!("{name} - {event:?}"));
        self.no_secret(place, &event)
    }

    fn record(&mut self, now: Now, place: usize, record: Record) -> Result<(), Violation> {
        let name = self.name(place);
        self.trace.say(now, || format!("{name} = {}", record.to_json()));
        self.no_secret(place, &record)?;
        self.clients.get_mut(place).map_or(Ok(()), |client| client.recorded.record(&record))
    }

    fn interrupted(&mut self, now: Now, place: usize, how: Interrupted) -> Result<(), Violation> {
        let name = self.name(place);
        self.trace.say(now, || match how {
            Interrupted::Cancelled => format!("{name} is cancelled"),
            Interrupted::Died => format!("{name} dies"),
        });
        Ok(())
    }

    fn ended(
        &mut self,
        now: Now,
        place: usize,
        result: Result<ClientResult, Problem>,
    ) -> Result<(), Violation> {
        let name = self.name(place);
        self.trace.say(now, || format!("{name} is done: {result:?}"));
        self.no_secret(place, &result)?;
        let Some(client) = self.clients.get_mut(place) else { return Ok(()) };
        client.recorded.is_complete()?;
        if self.scenario.gives_up {
            client.gave_up_in_time(now.mono)?;
        }
        if let Ok(ClientResult::One(report)) = &result {
            client.recorded.changes_of(report)?;
        }
        // After a plan that was made and applied, the last report tells what was done.
        if let Ok(ClientResult::Planned(_)) = &result {
            client.items.drain(..client.items.len().saturating_sub(1));
        }
        for report in &client.items {
            client.recorded.changes_of(report)?;
        }
        client.result = Some(result);
        let within = self.scenario.cleanup_timeout;
        let stopped = client.stopped();
        require(stopped.is_none_or(|at| now.mono <= at.saturating_add(within)), Invariant::Ends, || {
            format!("{name} was to stop at {stopped:?} and goes on")
        })
    }
}

/// The directory's charge for a request: writes and resource units.
fn charged(directory: &Directory, before: &Before) -> [u32; 2] {
    let entries = directory.journal().get(before.entries..).unwrap_or_default();
    let writes = entries.iter().filter(|entry| entry.is_write() && entry.template != "/$batch").count();
    let units = directory.stats().resource_units - before.units;
    [writes as u64, units].map(|amount| u32::try_from(amount).unwrap_or(u32::MAX))
}

/// A batch that the library has built is never refused as one that can't be read.
fn sound_batch(name: char, request: &Request, delivery: &Delivery) -> Result<(), Violation> {
    let Delivered::Response(response) = &delivery.outcome else { return Ok(()) };
    // A proxy's page may have that status, too.
    let refused = response.status == 400 && response.body.starts_with(b"{");
    require(!parts::is_batch(request) || !refused, Invariant::SoundBatches, || {
        format!("client {name}: {}: {}", body_text(request), String::from_utf8_lossy(&response.body))
    })
}

/// The requests that a request stands for.
fn parts_of(name: char, request: &Request) -> Result<Vec<Part<'_>>, Violation> {
    parts::of(request).map_err(|why| Violation {
        invariant: Invariant::SoundBatches,
        what: format!("client {name}: {why}: {}", body_text(request)),
    })
}

/// The server repeats the token in the text of its refusals, as some gateways do.
fn echo(delivery: &mut Delivery, authorization: &str) {
    let Delivered::Response(Response { body, .. }) = &mut delivery.outcome else { return };
    let text = String::from_utf8_lossy(body).into_owned();
    let secret = authorization.trim_start_matches("Bearer ");
    let told = format!("\"message\":\"Authorization: {authorization} {secret}; ");
    *body = text.replace("\"message\":\"", &told).into_bytes();
}

fn brief_delivery(delivery: &Delivery) -> String {
    let after = seconds(delivery.after);
    match &delivery.outcome {
        Delivered::Response(response) => {
            let wait = response.headers.get("Retry-After").unwrap_or("-");
            let body = String::from_utf8_lossy(&response.body);
            format!("{} after {after}, Retry-After {wait}: {body}", response.status)
        }
        Delivered::Lost { sent } => format!("lost after {after}, sent: {sent:?}"),
        Delivered::Never => "never".to_owned(),
    }
}
