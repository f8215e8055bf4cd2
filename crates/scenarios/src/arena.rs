//! A tenant on the virtual clock, and the clients that work on it at the same time.

use crate::client::Client;
use crate::scenario::Scenario;
use crate::trace::seconds;
use crate::violation::{Invariant, Violation, require};
use crate::watch::Watch;
use agentuser_core::ObjectId;
use agentuser_simulator::{Directory, Faults, Progress, World};
use std::time::Duration;

/// Longer than anything here may take, when it ends as soon as waiting can't help.
const LONGEST: Duration = Duration::from_secs(10 * 3600);

pub(crate) struct Arena<'a> {
    world: World,
    watch: Watch<'a>,
}

impl<'a> Arena<'a> {
    pub(crate) fn new(scenario: &'a Scenario, verbose: bool) -> Self {
        // Each request carries the token of its client, not the world's.
        let mut world = World::new(scenario.network(), "Bearer nobody");
        // By then, all that is fresh has come into being.
        world.pass(Duration::from_secs(1));
        Self { world, watch: Watch::new(scenario, verbose) }
    }

    pub(crate) const fn scenario(&self) -> &'a Scenario {
        self.watch.scenario
    }

    pub(crate) const fn directory(&self) -> &Directory {
        self.world.network().directory()
    }

    pub(crate) const fn now(&self) -> Duration {
        self.world.now().mono
    }

    /// The objects that were not changed by one client alone.
    pub(crate) fn touched(&self) -> impl Iterator<Item = ObjectId> {
        self.watch.changes.touched()
    }

    /// Whether requests of former clients are on their way.
    pub(crate) fn is_awaited(&self) -> bool {
        self.world.has_requests_on_their_way()
    }

    pub(crate) fn into_trace(self) -> Vec<String> {
        self.watch.trace.into_lines()
    }

    /// Lets time pass while no client is there.
    pub(crate) fn pass(&mut self, time: Duration) -> Result<(), Violation> {
        let end = self.now().saturating_add(time);
        self.world.advance(&mut self.watch, end)?;
        let now = self.world.now();
        self.world.network_mut().pass_time(now);
        self.watch.trace.say(now, || format!("{} later", seconds(time)));
        Ok(())
    }

    /// Ends what goes wrong: the network is good, others do nothing more, permissions are back.
    pub(crate) fn calm_down(&mut self) {
        self.world.network_mut().set_faults(Faults::none());
        self.watch.calm = true;
        self.watch.others.stop();
        self.watch.trace.say(self.world.now(), || {
            "the network is good from here on, and nobody else does anything".to_owned()
        });
    }

    /// Drives clients to their ends, or to where they are interrupted.
    pub(crate) fn run(&mut self, clients: Vec<Client>) -> Result<Vec<Client>, Violation> {
        self.world.forget_hosts();
        self.watch.changes.begin_run();
        let tokens = clients.iter().map(Client::secret).collect();
        self.watch.others.set_tokens(tokens, self.world.network_mut().directory_mut());
        self.watch.clients = clients;
        self.drive()?;
        Ok(std::mem::take(&mut self.watch.clients))
    }

    fn drive(&mut self) -> Result<(), Violation> {
        let longest = self.now().saturating_add(LONGEST);
        loop {
            match self.world.step(&mut self.watch)? {
                Progress::Going => {}
                Progress::Over if self.scenario().rests && self.is_awaited() => {
                    let next = self.world.next_arrival().unwrap_or_default();
                    self.world.advance(&mut self.watch, next)?;
                }
                Progress::Over => return Ok(()),
                Progress::Stuck => {
                    let what = "clients wait, and nothing is on its way to them".to_owned();
                    return Err(Violation { invariant: Invariant::Ends, what });
                }
            }
            let now = self.now();
            require(now < longest, Invariant::Ends, || format!("it goes on at {}", seconds(now)))?;
        }
    }
}
