//! A tenant, its network, the virtual clock, and everybody who works on it at the same time.

use crate::admin::{self, Act, Intervention, Loss};
use crate::client::{Client, Write, body, body_text, created_parent, object_of};
use crate::deed::is_live;
use crate::model::member_of;
use crate::parts::{self, Part};
use crate::scenario::{Cut, Scenario, Work};
use crate::trace::{Trace, seconds};
use crate::violation::{Invariant, Violation, require};
use agentuser_core::hash::mix;
use agentuser_core::http::{Method, Request, Response};
use agentuser_core::model::Member;
use agentuser_core::operation::{Answer, Event, Loss as Lost, Outgoing, RequestId, Sent, Step, TokenTag};
use agentuser_core::{Now, ObjectId};
use agentuser_simulator::{Cascade, Delivery, Directory, Entry, Network, Outcome, Token, User};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

/// Longer than anything here may take, when it ends as soon as waiting can't help.
const LONGEST: Duration = Duration::from_secs(10 * 3600);
/// How long a request may take, at most, after which its client gives it up.
const REQUEST: Duration = Duration::from_secs(101);

pub(crate) struct World<'a> {
    pub(crate) scenario: &'a Scenario,
    pub(crate) network: Network,
    pub(crate) now: Now,
    pub(crate) trace: Trace,
    /// How many requests were sent.
    sent: u32,
    interventions: VecDeque<Intervention>,
    loss: Option<Loss>,
    /// Every token that is in use.
    tokens: Vec<String>,
    /// When each object was changed last.
    changed: BTreeMap<ObjectId, Duration>,
    /// What others have changed, or two clients at the same time.
    touched: BTreeSet<ObjectId>,
    /// Which client has changed an object in the present run.
    writers: BTreeMap<ObjectId, char>,
    /// What is on its way.
    coming: BTreeMap<(Duration, u64), Coming>,
    serial: u64,
}

/// Something on its way.
enum Coming {
    /// A request, to the tenant.
    Request(Sending),
    /// An answer, to a client by its place.
    Answer(usize, RequestId, Answer),
}

/// A request that has left and not arrived.
struct Sending {
    /// The place of its client; none when that is no more.
    place: Option<usize>,
    outgoing: Outgoing,
    secret: String,
    token: TokenTag,
}

impl<'a> World<'a> {
    pub(crate) fn new(scenario: &'a Scenario, aloud: bool) -> Self {
        // 2026-06-01T00:00:00Z, as the tenant's. A second later everything that is fresh has come into being.
        let now = Now { mono: Duration::ZERO, unix_ms: 1_780_272_000_000 }.later(Duration::from_secs(1));
        Self {
            scenario,
            network: scenario.network(),
            now,
            trace: Trace::new(aloud),
            sent: 0,
            interventions: scenario.interventions.iter().cloned().collect(),
            loss: None,
            tokens: Vec::new(),
            changed: BTreeMap::new(),
            touched: BTreeSet::new(),
            writers: BTreeMap::new(),
            coming: BTreeMap::new(),
            serial: 0,
        }
    }

    pub(crate) fn directory(&self) -> &Directory {
        self.network.directory()
    }

    /// Lets time pass while no client is there.
    pub(crate) fn pass(&mut self, time: Duration) -> Result<(), Violation> {
        let end = self.now.later(time);
        while let Some(entry) = self.coming.first_entry().filter(|entry| entry.key().0 <= end.mono) {
            let at = entry.key().0;
            let coming = entry.remove();
            self.now = self.now.later(at.saturating_sub(self.now.mono));
            self.comes(coming, &mut [])?;
        }
        self.now = end;
        self.network.pass_time(end);
        self.trace.say(end, || format!("{} later", seconds(time)));
        Ok(())
    }

    /// Whether requests of clients who are no more are on their way.
    pub(crate) fn is_awaited(&self) -> bool {
        self.coming.values().any(|coming| matches!(coming, Coming::Request(_)))
    }

    /// Leaves of what is on its way only requests, whose answers nobody awaits.
    fn forget_clients(&mut self) {
        self.coming.retain(|_, coming| matches!(coming, Coming::Request(_)));
        for coming in self.coming.values_mut() {
            if let Coming::Request(sending) = coming {
                sending.place = None;
            }
        }
    }

    /// Whether an object was as it is now long before that moment, so that every reader saw it so.
    pub(crate) fn is_settled(&self, object: ObjectId, before: Duration) -> bool {
        let lag = self.directory().lag().settled_after();
        self.changed.get(&object).is_none_or(|at| at.saturating_add(lag) < before)
    }

    /// What somebody else than one client alone has changed.
    pub(crate) fn touched(&self) -> impl Iterator<Item = ObjectId> {
        self.touched.iter().copied()
    }

    /// Ends what others do: the network is good, permissions are back, what they meant to do they leave.
    pub(crate) fn calm_down(&mut self) {
        self.network.set_faults(agentuser_simulator::Faults::none());
        self.interventions.clear();
        self.loss = None;
        self.trace
            .say(self.now, || "the network is good from here on, and nobody else does anything".to_owned());
    }

    /// Drives clients to their ends, or to where they are cut short.
    pub(crate) fn run(&mut self, clients: &mut [Client]) -> Result<(), Violation> {
        self.forget_clients();
        self.writers.clear();
        self.tokens = clients.iter().map(Client::secret).collect();
        self.allow();
        let longest = self.now.mono.saturating_add(LONGEST);
        loop {
            for (place, client) in clients.iter_mut().enumerate() {
                self.cancel(client);
                if client.wakes_at.is_some_and(|at| at <= self.now.mono) {
                    self.advance(place, client)?;
                }
            }
            if clients.iter().all(Client::is_over) && !(self.scenario.rests && self.is_awaited()) {
                return Ok(());
            }
            let wakes = clients.iter().flat_map(|client| [client.wakes_at, client.cancels_at]);
            let wake = wakes.flatten().min();
            let answer = self.coming.first_key_value().map(|((at, _), _)| *at);
            let next = wake.into_iter().chain(answer).min();
            let next = next.filter(|next| *next < longest).ok_or_else(|| Violation {
                invariant: Invariant::Ends,
                what: format!("the next thing happens at {next:?}"),
            })?;
            self.now = self.now.later(next.saturating_sub(self.now.mono));
            while let Some(entry) = self.coming.first_entry().filter(|entry| entry.key().0 <= self.now.mono) {
                let coming = entry.remove();
                self.comes(coming, clients)?;
            }
        }
    }

    /// Cancels a client whose time has come.
    fn cancel(&mut self, client: &mut Client) {
        let Some(at) = client.cancels_at.filter(|at| *at <= self.now.mono) else { return };
        client.cancels_at = None;
        let Some(operation) = &client.operation else { return };
        operation.canceller().cancel();
        client.cancelled = Some(at);
        client.wakes_at = Some(at);
        self.trace.say(self.now, || format!("{} is cancelled", client.name));
    }

    /// Polls a client until it waits or ends.
    fn advance(&mut self, place: usize, client: &mut Client) -> Result<(), Violation> {
        loop {
            client.polled()?;
            let Some(operation) = &mut client.operation else { return Ok(()) };
            match operation.poll(self.now) {
                Step::Send(requests) => {
                    for outgoing in requests {
                        if matches!(client.cut, Cut::Dies(after) if client.sent >= after) {
                            self.trace.say(self.now, || format!("{} dies", client.name));
                            client.ends(None);
                            return Ok(());
                        }
                        self.send(place, client, outgoing)?;
                    }
                    if let Cut::Cancelled { after, later } = client.cut
                        && client.sent >= after
                    {
                        client.cut = Cut::Never;
                        client.cancels_at = Some(self.now.mono.saturating_add(later));
                        self.cancel(client);
                    }
                }
                // A host can't call an answer back that is on its way: it comes, and must be ignored.
                Step::Abort(ids) => {
                    self.trace.say(self.now, || format!("{} gives up {ids:?}", client.name));
                    client.aborts(&ids);
                }
                Step::Item(report) => {
                    self.trace.say(self.now, || format!("{} * {}", client.name, brief(&report)));
                    self.no_secret(client.name, &report)?;
                    client.items.push(report);
                }
                Step::Event(event) => {
                    self.trace.say(self.now, || format!("{} - {event:?}", client.name));
                    self.event(client.name, &event)?;
                }
                Step::Wait(until) => {
                    client.wakes_at = until;
                    return Ok(());
                }
                Step::Done(result) => {
                    self.trace.say(self.now, || format!("{} is done: {result:?}", client.name));
                    self.no_secret(client.name, &result)?;
                    client.ends(Some(result));
                    let within = self.scenario.cleanup_timeout.saturating_add(REQUEST);
                    return require(
                        client.cancelled.is_none_or(|at| self.now.mono <= at.saturating_add(within)),
                        Invariant::Ends,
                        || format!("{} was cancelled at {:?} and goes on", client.name, client.cancelled),
                    );
                }
            }
        }
    }

    fn event(&self, name: char, event: &Event) -> Result<(), Violation> {
        self.no_secret(name, event)
    }

    /// Only a server that repeats tokens can bring one to light.
    fn no_secret(&self, name: char, shown: &impl std::fmt::Debug) -> Result<(), Violation> {
        if !self.scenario.echoes_tokens {
            return Ok(());
        }
        let text = format!("{shown:?}");
        require(!text.contains("c2VjcmV0"), Invariant::NoSecretShown, || format!("client {name}: {text}"))
    }

    fn send(&mut self, place: usize, client: &mut Client, outgoing: Outgoing) -> Result<(), Violation> {
        while self.interventions.front().is_some_and(|one| one.when <= self.sent)
            && let Some(one) = self.interventions.pop_front()
        {
            self.intervene(&one);
        }
        client.sends(self.now.mono, &outgoing, &parts_of(client.name, &outgoing.request)?)?;
        self.sent += 1;
        if outgoing.refused.as_ref().is_some_and(|refused| refused.tag == TokenTag(client.token)) {
            client.token += 1;
            self.tokens.push(client.secret());
            self.allow();
        }
        let request = &outgoing.request;
        self.trace.say(self.now, || {
            let number = outgoing.id.get();
            let url = request.url.trim_start_matches("https://graph.microsoft.com/v1.0");
            format!("{} > #{number} {} {url} {}", client.name, request.method, body_text(request))
        });
        let (secret, token) = (client.secret(), TokenTag(client.token));
        let sending = Sending { place: Some(place), outgoing, secret, token };
        let way = self.way();
        self.comes_at(way, Coming::Request(sending));
        Ok(())
    }

    /// How long the next request is on its way: one overtakes another, and some are late by minutes.
    fn way(&self) -> Duration {
        let drawn = mix(&[self.scenario.seed, 4, self.serial]);
        let late = self.scenario.late && drawn.is_multiple_of(24);
        Duration::from_millis(if late { 5_000 + drawn / 24 % 145_000 } else { drawn / 24 % 100 })
    }

    fn comes_at(&mut self, after: Duration, coming: Coming) {
        self.serial += 1;
        self.coming.insert((self.now.mono.saturating_add(after), self.serial), coming);
    }

    /// Something arrives where it was sent.
    fn comes(&mut self, coming: Coming, clients: &mut [Client]) -> Result<(), Violation> {
        match coming {
            Coming::Answer(place, id, answer) => {
                if let Some(client) = clients.get_mut(place) {
                    client.answer(self.now.mono, id, answer);
                }
                Ok(())
            }
            Coming::Request(sending) => {
                let client = sending.place.and_then(|place| clients.get_mut(place));
                self.arrives(sending, client)
            }
        }
    }

    fn arrives(&mut self, sending: Sending, client: Option<&mut Client>) -> Result<(), Violation> {
        let Sending { place, outgoing, secret, token } = sending;
        let request = &outgoing.request;
        let name = client.as_ref().map_or('-', |client| client.name);
        let parts = parts_of(name, request)?;
        let before: Vec<Option<User>> = parts.iter().map(|part| self.before(&part.request)).collect();
        let noted = self.directory().journal().len();
        let units = self.directory().stats().resource_units;
        let mut delivery = self.network.deliver(self.now, Some(&format!("Bearer {secret}")), request);
        self.leaks(request)?;
        match client {
            Some(client) => {
                self.charge(client, outgoing.id, noted, units)?;
                self.note(client, &parts, &before, noted)?;
            }
            None => self.note_of_nobody(noted),
        }
        self.unique(request)?;
        if self.scenario.echoes_tokens {
            echo(&mut delivery, &secret);
        }
        self.trace.say(self.now, || format!("{name} < #{} {}", outgoing.id.get(), brief_delivery(&delivery)));
        if parts::is_batch(request)
            && let Outcome::Response(response) = &delivery.outcome
        {
            require(response.status != 400, Invariant::SoundBatches, || {
                format!("client {name}: {}: {}", body_text(request), String::from_utf8_lossy(&response.body))
            })?;
        }
        let answer = match delivery.outcome {
            Outcome::Response(response) => Answer::Response { response, token },
            Outcome::Lost { sent: agentuser_simulator::Sent::No } => {
                Answer::Lost { sent: Sent::No, why: Lost::Unreachable("connection refused".to_owned()) }
            }
            Outcome::Lost { sent: agentuser_simulator::Sent::Maybe } => {
                Answer::Lost { sent: Sent::Maybe, why: Lost::Broken("connection reset".to_owned()) }
            }
            Outcome::Never => return Ok(()),
        };
        if let Some(place) = place {
            self.comes_at(delivery.after, Coming::Answer(place, outgoing.id, answer));
        }
        Ok(())
    }

    /// Charges a client's session with what the directory has charged; but for what comes when nobody waits for it any
    /// more, which no client can foresee.
    fn charge(&self, client: &Client, id: RequestId, noted: usize, units: u64) -> Result<(), Violation> {
        if !client.waits_for(id) {
            return Ok(());
        }
        let directory = self.directory();
        let entries = directory.journal().get(noted..).unwrap_or_default();
        let writes = entries.iter().filter(|entry| entry.is_write() && entry.template != "/$batch").count();
        let units = directory.stats().resource_units - units;
        let spent = [writes as u64, units].map(|amount| u32::try_from(amount).unwrap_or(u32::MAX));
        client.ledger.borrow_mut().spends(self.now.mono, spent)
    }

    fn leaks(&self, request: &Request) -> Result<(), Violation> {
        let leaks = self.network.leaks();
        require(leaks.is_empty(), Invariant::TokenStays, || {
            format!("{leaks:?} got a token with {} {}", request.method, request.url)
        })
    }

    /// The agent user that a write is about, or that stands in the way of a create, as it is before.
    fn before(&self, request: &Request) -> Option<User> {
        if request.method == Method::Get {
            return None;
        }
        match created_parent(request) {
            Some(parent) => self.directory().children_of(parent).next().cloned(),
            None => self.directory().find_user(object_of(&request.url)?).cloned(),
        }
    }

    /// Notes what a request did, and holds it against what may be done.
    fn note(
        &mut self,
        client: &mut Client,
        parts: &[Part<'_>],
        before: &[Option<User>],
        noted: usize,
    ) -> Result<(), Violation> {
        if parts.iter().all(|part| part.request.method == Method::Get) {
            return Ok(());
        }
        let mut settled = BTreeSet::new();
        for (part, user) in parts.iter().zip(before) {
            if let Some(user) = user.as_ref().filter(|user| self.is_settled(user.id, client.started)) {
                settled.insert(user.id);
                self.needed(client, &part.request, user)?;
            }
        }
        // A link to somebody deleted is there, and not shown.
        let of_people_who_left = |entry: &Entry| {
            entry.template.ends_with("$ref") && self.touched().any(|id| !is_live(self.directory(), id))
        };
        for entry in self.directory().journal().get(noted..).unwrap_or_default() {
            if !entry.is_write() {
                continue;
            }
            let what = || {
                let bodies = parts.iter().map(|part| body_text(&part.request)).collect::<Vec<_>>().join(", ");
                format!("client {}: {} {} with {bodies}", client.name, entry.method, entry.template)
            };
            let parent = entry.object.and_then(|id| self.directory().find_user(id)?.parent);
            let accepted = entry.status < 300;
            require(
                !accepted || self.may_touch(client, entry.object, parent),
                Invariant::NothingElseTouched,
                what,
            )?;
            let settled = entry.object.is_some_and(|id| settled.contains(&id));
            require(
                entry.changed || !accepted || !settled || of_people_who_left(entry),
                Invariant::NoNeedlessWrite,
                || format!("it changes nothing, and long did: {}", what()),
            )?;
            client.writes.push(Write {
                method: entry.method,
                template: entry.template,
                object: entry.object,
                parent,
                accepted,
                changed: entry.changed,
            });
        }
        for object in self.changed_since(noted) {
            self.changed.insert(object, self.now.mono);
            if self.writers.insert(object, client.name).is_some_and(|other| other != client.name) {
                self.touched.insert(object);
            }
        }
        Ok(())
    }

    /// Notes what a request did whose client is no more.
    fn note_of_nobody(&mut self, noted: usize) {
        for object in self.changed_since(noted) {
            self.changed.insert(object, self.now.mono);
            self.touched.insert(object);
        }
    }

    fn changed_since(&self, noted: usize) -> Vec<ObjectId> {
        let entries = self.directory().journal().get(noted..).unwrap_or_default();
        entries.iter().filter(|entry| entry.changed).filter_map(|entry| entry.object).collect()
    }

    fn unique(&self, request: &Request) -> Result<(), Violation> {
        if request.method == Method::Get {
            return Ok(());
        }
        let duplicates = self.directory().duplicates();
        require(duplicates.is_empty(), Invariant::OneUserPerRow, || {
            format!("{duplicates:?} after {} {} {}", request.method, request.url, body_text(request))
        })
    }

    /// Whether a client may write this object: an agent user of its roster's parents, or the one that it is about.
    fn may_touch(&self, client: &Client, object: Option<ObjectId>, parent: Option<ObjectId>) -> bool {
        match &client.work {
            Work::Deed { target, .. } => object == Some(self.scenario.target(*target)) && parent.is_some(),
            work => parent.is_some_and(|parent| self.scenario.parents(work).contains(&parent)),
        }
    }

    /// What a write says of an agent user that has long been as it is must be new, and the user the row's own.
    fn needed(&self, client: &Client, request: &Request, user: &User) -> Result<(), Violation> {
        let what =
            || format!("client {}: {} {} {}", client.name, request.method, request.url, body_text(request));
        let needless = |why: &str| Violation {
            invariant: Invariant::NoNeedlessWrite,
            what: format!("{why}: {}", what()),
        };
        if created_parent(request).is_some() {
            return Err(needless("the parent has long had an agent user"));
        }
        let row =
            client.roster.rows().iter().find(|row| Some(row.wanted().identity_parent_id()) == user.parent);
        if let Some(row) = row {
            let upn = row.wanted().agent_user().user_principal_name().as_str();
            let named = row.wanted().declared().get(Member::UserPrincipalName).is_some();
            require(
                !named || user.user_principal_name.eq_ignore_ascii_case(upn),
                Invariant::NothingElseTouched,
                || format!("the agent user has another name: {}", what()),
            )?;
        }
        let body = body(request);
        if request.method == Method::Patch {
            for (name, value) in body.as_object().into_iter().flatten() {
                let member = Member::ALL.iter().find(|member| member.name() == name);
                if member.is_some_and(|member| member_of(user, *member) == *value) {
                    return Err(needless(&format!("{name} is as it was")));
                }
            }
        }
        for license in body.get("addLicenses").and_then(|all| all.as_array()).into_iter().flatten() {
            let sku = license.get("skuId").and_then(|id| id.as_str()?.parse().ok());
            if sku.is_some_and(|sku: ObjectId| user.licenses.contains_key(&sku)) {
                return Err(needless("it has the license"));
            }
        }
        Ok(())
    }

    /// Lets somebody else do something.
    fn intervene(&mut self, one: &Intervention) {
        match one.act {
            Act::Permissions(loss) => self.loss = Some(loss),
            Act::PermissionsReturn => self.loss = None,
            Act::TokensExpire => {
                for token in std::mem::take(&mut self.tokens) {
                    self.network.directory_mut().remove_token(&token);
                }
            }
            act => return self.change(act),
        }
        self.trace.say(self.now, || format!("others: {:?}", one.act));
        self.allow();
    }

    /// Lets every token that is in use have what the clients may do now.
    fn allow(&mut self) {
        for token in &self.tokens {
            self.network.directory_mut().add_token(token, permissions(self.loss));
        }
    }

    fn change(&mut self, act: Act) {
        let row = act.row().and_then(|place| self.scenario.rows.get(place));
        let (parent, upn) =
            row.map_or((ObjectId::from_u128(0), String::new()), |row| (row.parent_id(), row.upn()));
        let Some(request) = act.request(self.directory(), parent, &upn) else {
            self.trace.say(self.now, || format!("others: {act:?}, and there is nobody"));
            return;
        };
        let noted = self.directory().journal().len();
        let now = self.now;
        let status = admin::act(self.network.directory_mut(), now, &request);
        self.trace.say(now, || {
            format!("others: {act:?}: {} {} {} -> {status}", request.method, request.url, body_text(&request))
        });
        let mut changed: Vec<ObjectId> = self
            .directory()
            .journal()
            .get(noted..)
            .unwrap_or_default()
            .iter()
            .filter_map(|entry| entry.object)
            .collect();
        if matches!(act, Act::DeleteParent(_)) && self.scenario.switches.cascade != Cascade::Stays {
            // Its children go some time later, by themselves.
            changed.extend(self.directory().children_of(parent).map(|child| child.id));
            self.touched.extend(&changed);
            self.changed.extend(changed.into_iter().map(|object| (object, Duration::MAX)));
        } else {
            self.touched.extend(&changed);
            self.changed.extend(changed.into_iter().map(|object| (object, now.mono)));
        }
    }
}

/// What the clients' tokens allow.
fn permissions(loss: Option<Loss>) -> Token {
    const READS: [&str; 3] = ["AgentIdentity.Read.All", "Application.Read.All", "User.Read.All"];
    const SKUS: &str = "LicenseAssignment.Read.All";
    const WRITES: &str = "AgentIdUser.ReadWrite.All";
    match loss {
        None => Token::everything(),
        Some(Loss::Writes) => Token::application(READS.into_iter().chain([SKUS])),
        Some(Loss::Licenses) => Token::application(READS.into_iter().chain([WRITES])),
        Some(Loss::Reads) => Token::application([WRITES]),
        Some(Loss::Everything) => Token::application([]),
    }
}

/// What a request stands for.
fn parts_of(name: char, request: &Request) -> Result<Vec<Part<'_>>, Violation> {
    parts::of(request).map_err(|why| Violation {
        invariant: Invariant::SoundBatches,
        what: format!("client {name}: {why}: {}", body_text(request)),
    })
}

/// The server repeats the token in the text of its refusals, as some gateways do.
fn echo(delivery: &mut Delivery, secret: &str) {
    let Outcome::Response(Response { body, .. }) = &mut delivery.outcome else { return };
    let text = String::from_utf8_lossy(body).into_owned();
    let told = format!("\"message\":\"Authorization: Bearer {secret} {secret}; ");
    *body = text.replace("\"message\":\"", &told).into_bytes();
}

fn brief(report: &agentuser_core::flow::Report) -> String {
    serde_json::to_string(report).unwrap_or_default()
}

fn brief_delivery(delivery: &Delivery) -> String {
    let after = seconds(delivery.after);
    match &delivery.outcome {
        Outcome::Response(response) => {
            let wait = response.headers.get("Retry-After").unwrap_or("-");
            let body = String::from_utf8_lossy(&response.body);
            format!("{} after {after}, Retry-After {wait}: {body}", response.status)
        }
        Outcome::Lost { sent } => format!("lost after {after}, sent: {sent:?}"),
        Outcome::Never => "never".to_owned(),
    }
}
