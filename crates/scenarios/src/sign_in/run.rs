//! A sign-in scenario from its beginning to the point where nothing is left to do.

use super::model::{LONGEST_WAIT, Model};
use super::plan::{Act, AskPlan, Fate, SignInScenario, Then, WhoPlan};
use super::request::{Asked, Person, Persons, Wants};
use super::world::{World, secret};
use crate::draw::Draw;
use crate::run::{Play, Simulated};
use crate::trace::Trace;
use crate::violation::{Invariant, Violation, require};
use agentuser_core::Now;
use agentuser_core::http::Request;
use agentuser_core::operation::{Answer, RequestId};
use agentuser_core::problem::{Code, Problem};
use agentuser_core::sign_in::acquisition::{
    AcquisitionSettings, AskId, Demand, DemandAnswer, DemandId, DemandKind, Granted, Outgoing, Renewal, Step,
};
use agentuser_core::sign_in::{Acquisition, Proof};
use agentuser_simulator::ids;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Each ask ends within this time: two outages of each leg, and a person who takes all of theirs.
const LONGEST: Duration = Duration::from_secs(45 * 60);

/// More polls than any scenario needs.
const MOST_POLLS: u32 = 200_000;

impl Play for SignInScenario {
    const OPTION: &'static str = "--sign-in ";

    fn draw(seed: u64) -> Self {
        Self::of_seed(seed)
    }

    fn run(&self, verbose: bool) -> Simulated {
        let mut arena = Arena::new(self, verbose);
        let violation = arena.play().err();
        Simulated { violation, trace: arena.trace.into_lines() }
    }

    fn smaller(&self) -> Vec<Self> {
        self.reductions()
    }
}

/// An event of the scenario, at its moment.
pub(super) enum Event {
    Ask(AskPlan, Renewal),
    GiveUp(AskId),
    Arrive(RequestId, Box<Request>, Fate),
    Answer(RequestId, Box<Answer>),
    Act(Act),
    LearnSecret,
    Proof(DemandId, &'static str),
    Decide(String, bool),
    Browse(DemandId, String, Option<String>),
}

/// An ask that has not ended.
pub(super) struct Open {
    pub(super) plan: AskPlan,
    pub(super) wants: Wants,
    pub(super) renewal: Renewal,
    pub(super) at: Duration,
}

pub(super) struct Arena<'a> {
    pub(super) scenario: &'a SignInScenario,
    pub(super) world: World,
    pub(super) model: Model,
    pub(super) engine: Acquisition,
    pub(super) now: Now,
    pub(super) began: Duration,
    pub(super) events: BTreeMap<(Duration, u64), Event>,
    pub(super) serial: u64,
    pub(super) requests: usize,
    pub(super) in_flight: BTreeMap<RequestId, Asked>,
    /// The expected record of each request: its status, or that it was lost.
    pub(super) unrecorded: BTreeMap<String, (Asked, Option<Option<u16>>)>,
    pub(super) asks: BTreeMap<AskId, Open>,
    /// Asks that have ended well since everything is well.
    pub(super) met: BTreeSet<WhoPlan>,
    pub(super) persons: Persons,
    pub(super) person_tokens: BTreeMap<u32, String>,
    pub(super) trace: Trace,
}

impl<'a> Arena<'a> {
    fn new(scenario: &'a SignInScenario, verbose: bool) -> Self {
        let mut settings = AcquisitionSettings::default();
        (settings.tokens, settings.in_flight) = scenario.bounds;
        let now = Now { mono: Duration::from_secs(500), unix_ms: 1_780_272_500_000 };
        let mut arena = Self {
            scenario,
            world: World::new(scenario),
            model: Model::default(),
            engine: Acquisition::new(settings, scenario.seed),
            now,
            began: now.mono,
            events: BTreeMap::new(),
            serial: 0,
            requests: 0,
            in_flight: BTreeMap::new(),
            unrecorded: BTreeMap::new(),
            asks: BTreeMap::new(),
            met: BTreeSet::new(),
            persons: Persons::new(),
            person_tokens: BTreeMap::new(),
            trace: Trace::new(verbose),
        };
        for ask in &scenario.asks {
            arena.at(ask.at, Event::Ask(*ask, Renewal::default()));
        }
        for (at, act) in &scenario.acts {
            arena.at(*at, Event::Act(*act));
        }
        arena
    }

    /// The asks with all that goes wrong; then everything is well, and each must have its token; then once more, from the cache.
    fn play(&mut self) -> Result<(), Violation> {
        self.until_quiet()?;
        self.world.calm_down(self.scenario, self.now);
        self.person_tokens.clear();
        self.now = self.now.later(LONGEST_WAIT + Duration::from_secs(10));
        let everyone: BTreeSet<WhoPlan> = self.scenario.asks.iter().map(|ask| ask.who).collect();
        self.ask_everyone(&everyone)?;
        let missing = everyone.difference(&self.met).next();
        require(missing.is_none(), Invariant::Converges, || {
            format!("{missing:?} has no token, and all is well")
        })?;
        self.ask_everyone(&everyone)
    }

    fn ask_everyone(&mut self, everyone: &BTreeSet<WhoPlan>) -> Result<(), Violation> {
        self.met.clear();
        for who in everyone {
            let plan = AskPlan { at: Duration::ZERO, who: *who, scope: 0, then: Then::Used };
            self.after(Duration::ZERO, Event::Ask(plan, Renewal::default()));
        }
        self.until_quiet()
    }

    pub(super) fn at(&mut self, since: Duration, event: Event) {
        self.serial += 1;
        self.events.insert((self.began + since, self.serial), event);
    }

    pub(super) fn after(&mut self, wait: Duration, event: Event) {
        self.serial += 1;
        self.events.insert((self.now.mono + wait, self.serial), event);
    }

    pub(super) fn draw(&mut self, what: &str) -> Draw {
        self.serial += 1;
        Draw::new(self.scenario.seed).of(what, usize::try_from(self.serial).unwrap_or_default())
    }

    fn until_quiet(&mut self) -> Result<(), Violation> {
        for _ in 0..MOST_POLLS {
            let wait = match self.poll()? {
                Some(wait) => wait,
                None => continue,
            };
            let next = self.events.first_key_value().map(|((at, _), _)| *at);
            let Some(moment) = next.into_iter().chain(wait).min() else {
                let open = self.asks.values().next().map(|open| open.wants.clone());
                let idle = self.engine.is_idle() && self.in_flight.is_empty();
                require(open.is_none() && idle, Invariant::Ends, || {
                    format!("nothing happens, and {open:?} waits")
                })?;
                let lost = self.unrecorded.values().next();
                return require(lost.is_none(), Invariant::Recorded, || format!("no record of {lost:?}"));
            };
            self.now = self.now.later(moment.saturating_sub(self.now.mono));
            while let Some(entry) = self.events.first_entry().filter(|entry| entry.key().0 <= self.now.mono) {
                let event = entry.remove();
                let gives_up = matches!(event, Event::GiveUp(_));
                self.happen(event)?;
                // An answer of the same moment is not wanted any more, which the model would not know.
                if gives_up {
                    break;
                }
            }
            let late = self
                .asks
                .values()
                .find(|open| open.at + LONGEST < self.now.mono)
                .map(|open| open.wants.clone());
            require(late.is_none(), Invariant::Ends, || format!("{late:?} waits for ever"))?;
        }
        Err(Violation { invariant: Invariant::Bounded, what: "too many polls".to_owned() })
    }

    /// One step; the moment to wait for where there is nothing to do.
    fn poll(&mut self) -> Result<Option<Option<Duration>>, Violation> {
        let step = self.engine.poll(self.now);
        self.model.check_text(&format!("{step:?} {:?}", self.engine))?;
        match step {
            Step::Send(requests) => requests.into_iter().try_for_each(|outgoing| self.send(outgoing))?,
            Step::Abort(ids) => ids.iter().for_each(|id| drop(self.in_flight.remove(id))),
            Step::Demand(demand) => self.demanded(demand),
            Step::Withdrawn(_) => {}
            Step::Ended(ask, result) => self.ended(ask, result)?,
            Step::Event(_, event) => {
                self.model.check_text(&serde_json::to_string(&event).unwrap_or_default())?
            }
            Step::Record(_, record) => self.recorded(&record)?,
            Step::Wait(moment) => {
                let late = moment.is_some_and(|at| at <= self.now.mono);
                require(!late, Invariant::Bounded, || format!("a wait until {moment:?}"))?;
                return Ok(Some(moment));
            }
            other => return Err(Violation { invariant: Invariant::Ends, what: format!("{other:?}") }),
        }
        Ok(None)
    }

    fn send(&mut self, outgoing: Outgoing) -> Result<(), Violation> {
        self.requests += 1;
        let Outgoing { id, request, leg, .. } = outgoing;
        let home =
            format!("{}/{}/oauth2/v2.0/", self.world.directory.login(), self.world.directory.tenant_id());
        let path = request.url.strip_prefix(&home);
        require(matches!(path, Some("token" | "devicecode")), Invariant::TokenStays, || {
            format!("a request goes to {}", request.url)
        })?;
        let asked = Asked::read(leg, &request, &self.persons, self.now.mono);
        let Some(asked) = asked else {
            return Err(Violation {
                invariant: Invariant::RightToken,
                what: format!("a request of no leg: {leg}"),
            });
        };
        self.trace.say(self.now, || format!("sends {asked:?}"));
        let others: Vec<&Asked> = self.in_flight.values().collect();
        self.model.sends(self.scenario, &asked, &others, self.now.mono)?;
        let fate = self.world.fate(self.scenario, self.requests, self.now.mono - self.began);
        self.unrecorded.insert(asked.trace_id.clone(), (asked.clone(), None));
        self.in_flight.insert(id, asked);
        let most = self.scenario.bounds.1;
        require(self.in_flight.len() <= most, Invariant::Bounded, || {
            "too many requests in flight".to_owned()
        })?;
        let way = self.draw("way").below("latency", 400);
        self.after(Duration::from_millis(u64::from(way)), Event::Arrive(id, Box::new(request), fate));
        Ok(())
    }

    fn demanded(&mut self, demand: Demand) {
        let draw = self.draw("demand");
        let calm = self.world.calm;
        match demand.kind {
            DemandKind::Proof { leg, .. } => {
                let wait = if calm { 0 } else { draw.pick("proof", &[0, 0, 0, 50, 3_000]) };
                self.after(Duration::from_millis(wait), Event::Proof(demand.id, leg));
            }
            DemandKind::ShowDeviceCode { user_code, .. } => {
                let (wait, answers) = (1 + draw.below("takes", 200), calm || !draw.one_in("ignores", 6));
                if answers {
                    let approves = calm || !draw.one_in("declines", 6);
                    self.after(Duration::from_secs(u64::from(wait)), Event::Decide(user_code, approves));
                }
            }
            DemandKind::Authorize { scopes, claims, .. } => {
                let wait = Duration::from_secs(u64::from(1 + draw.below("takes", 100)));
                self.after(wait, Event::Browse(demand.id, scopes.to_string(), claims));
            }
            _ => {}
        }
    }

    fn happen(&mut self, event: Event) -> Result<(), Violation> {
        match event {
            Event::Ask(plan, renewal) => self.ask(plan, renewal)?,
            Event::GiveUp(ask) => {
                if self.asks.remove(&ask).is_some() {
                    self.trace.say(self.now, || format!("gives up {ask:?}"));
                    self.engine.give_up(ask);
                }
            }
            Event::Arrive(id, request, fate) => self.arrive(id, &request, fate),
            Event::Answer(id, answer) => self.answer(id, *answer),
            Event::Act(act) => {
                self.trace.say(self.now, || format!("{act:?}"));
                self.world.act(act, self.now);
                if act == Act::RotateSecret {
                    self.after(Duration::from_secs(60), Event::LearnSecret);
                }
                if act == Act::Forget {
                    self.engine.forget();
                    self.model.forget(self.now.mono);
                }
            }
            Event::LearnSecret => self.world.learn_secret(),
            Event::Proof(demand, leg) => self.prove(demand, leg),
            Event::Decide(code, approves) => {
                if approves {
                    self.world.directory.approve_device_code(self.now, &code, ids::human(1));
                } else {
                    self.world.directory.decline_device_code(self.now, &code);
                }
            }
            Event::Browse(demand, scope, claims) => self.browse(demand, &scope, claims),
        }
        Ok(())
    }

    fn prove(&mut self, demand: DemandId, leg: &'static str) {
        let fails = !self.world.calm && self.draw("proof").one_in("fails", 80);
        let answer = if fails {
            let code = Code::TokenMissing;
            self.model.none_to_be_had(code, self.now.mono);
            Err(Problem::new(code, "The proof can't be had."))
        } else if self.scenario.asserts {
            Ok(DemandAnswer::Proof(Proof::Assertion(self.world.assertion(self.now).into())))
        } else {
            Ok(DemandAnswer::Proof(Proof::Secret(secret(self.world.known_rotations).into())))
        };
        self.trace.say(self.now, || format!("proof for {leg}: {}", if fails { "none" } else { "there" }));
        self.engine.meet(demand, answer);
    }

    fn browse(&mut self, demand: DemandId, scope: &str, claims: Option<String>) {
        let verifier = format!("SECRET-verifier-of-the-browser-number-{:020}", self.serial);
        let answer = match self.world.browse(self.now, scope, &verifier) {
            Some(code) => {
                self.model.secrets.insert(code.clone());
                let person = Person { name: "person".to_owned(), scope: scope.to_lowercase(), claims };
                self.persons.insert(code.clone(), person);
                Ok(DemandAnswer::Code {
                    code: code.into(),
                    verifier: verifier.into(),
                    redirect_uri: "http://localhost".to_owned(),
                })
            }
            None => {
                self.model.none_to_be_had(Code::SignInRefused, self.now.mono);
                Err(Problem::new(Code::SignInRefused, "The browser came back without a code."))
            }
        };
        self.trace.say(self.now, || format!("the browser is back: {}", answer.is_ok()));
        self.engine.meet(demand, answer);
    }

    fn ended(&mut self, ask: AskId, result: Result<Granted, Problem>) -> Result<(), Violation> {
        let Some(open) = self.asks.remove(&ask) else {
            return Err(Violation {
                invariant: Invariant::Ends,
                what: format!("{ask:?} ended, and was over"),
            });
        };
        let Open { plan, wants, renewal, at } = open;
        match result {
            Ok(granted) => {
                self.trace.say(self.now, || format!("{ask:?} has the token {}", granted.tag.0));
                let refused = renewal.refused.map(|tag| tag.0);
                let of_ask = (renewal.claims.as_ref(), refused, at);
                let given = (granted.tag.0, granted.expires_in);
                self.model.check_token(granted.token.expose(), &wants, of_ask, given, self.now.mono)?;
                self.met.insert(plan.who);
                self.use_token(plan, &granted);
            }
            Err(problem) => {
                self.trace.say(self.now, || format!("{ask:?} ends: {}", problem.message()));
                self.model.check_text(&format!(
                    "{problem:?} {}",
                    serde_json::to_string(&problem).unwrap_or_default()
                ))?;
                self.model.check_problem(&problem, &wants, at, self.now.mono)?;
            }
        }
        Ok(())
    }
}
