//! A host by hand: it keeps what the engine says, and answers when told.

use agentuser_core::Now;
use agentuser_core::http::{Headers, Response};
use agentuser_core::operation::{Answer, Event, Loss, RequestId, RequestRecord, Sent, TokenTag};
use agentuser_core::problem::{Code, Problem};
use agentuser_core::sign_in::acquisition::{
    Acquisition, AcquisitionSettings, AskId, Demand, DemandAnswer, DemandId, DemandKind, Granted, Renewal,
    Step, Wanted,
};
use agentuser_core::sign_in::{Login, Prompt, Proof, Scopes, Secret, SignIn, Tenant, UserOf, Who};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;

pub const TENANT: &str = "7d2b1c5e-0f64-4c8b-9a3e-1f2d3c4b5a69";
pub const BLUEPRINT: &str = "b1b1b1b1-0000-4000-8000-000000000001";
pub const APP: &str = "a0a0a0a0-0000-4000-8000-000000000002";
pub const GRAPH: &str = "https://graph.microsoft.com/.default";

/// A request that is in flight.
#[derive(Debug, Clone)]
pub struct Sent_ {
    pub id: RequestId,
    pub leg: &'static str,
    pub url: String,
    pub form: BTreeMap<String, String>,
}

pub struct Host {
    pub engine: Acquisition,
    pub now: Now,
    /// Whether demands for proofs are met by themselves.
    pub proves: bool,
    pub proofs: u32,
    pub in_flight: Vec<Sent_>,
    /// Every request that was ever sent.
    pub sent: Vec<Sent_>,
    pub demands: Vec<Demand>,
    pub withdrawn: Vec<DemandId>,
    pub aborted: Vec<RequestId>,
    pub ended: BTreeMap<AskId, Result<Granted, Problem>>,
    pub events: Vec<Event>,
    pub records: Vec<(Vec<AskId>, RequestRecord)>,
    pub next_poll: Option<Duration>,
    pub most_in_flight: usize,
    /// Everything that the engine said, as it prints.
    pub printed: String,
}

impl Host {
    pub fn new() -> Self {
        Self::with(AcquisitionSettings::default())
    }

    pub fn with(settings: AcquisitionSettings) -> Self {
        Self {
            engine: Acquisition::new(settings, 7),
            now: Now { mono: Duration::from_secs(1000), unix_ms: 1_780_272_000_000 },
            proves: true,
            proofs: 0,
            in_flight: Vec::new(),
            sent: Vec::new(),
            demands: Vec::new(),
            withdrawn: Vec::new(),
            aborted: Vec::new(),
            ended: BTreeMap::new(),
            events: Vec::new(),
            records: Vec::new(),
            next_poll: None,
            most_in_flight: 0,
            printed: String::new(),
        }
    }

    /// Polls until there is nothing to do.
    pub fn run(&mut self) {
        loop {
            let step = self.engine.poll(self.now);
            self.printed.push_str(&format!("{step:?} {:?}\n", self.engine));
            match step {
                Step::Send(requests) => {
                    for outgoing in requests {
                        let sent = Sent_ {
                            id: outgoing.id,
                            leg: outgoing.leg,
                            url: outgoing.request.url.clone(),
                            form: form(&outgoing.request.body),
                        };
                        self.sent.push(sent.clone());
                        self.in_flight.push(sent);
                    }
                    self.most_in_flight = self.most_in_flight.max(self.in_flight.len());
                }
                Step::Abort(ids) => {
                    self.in_flight.retain(|sent| !ids.contains(&sent.id));
                    self.aborted.extend(ids);
                }
                Step::Demand(demand) => {
                    if self.proves && matches!(demand.kind, DemandKind::Proof { .. }) {
                        self.proofs += 1;
                        let secret = Secret::from(format!("SECRET-proof-{}", self.proofs));
                        self.engine.meet(demand.id, Ok(DemandAnswer::Proof(Proof::Assertion(secret))));
                    } else {
                        self.demands.push(demand);
                    }
                }
                Step::Withdrawn(ids) => self.withdrawn.extend(ids),
                Step::Ended(ask, result) => {
                    assert!(self.ended.insert(ask, result).is_none(), "{ask:?} ended twice");
                }
                Step::Event(_, event) => self.events.push(event),
                Step::Record(asks, record) => self.records.push((asks, *record)),
                Step::Wait(moment) => {
                    assert!(moment.is_none_or(|at| at > self.now.mono), "{moment:?} at {:?}", self.now);
                    self.next_poll = moment;
                    return;
                }
                other => panic!("{other:?}"),
            }
        }
    }

    pub fn ask(&mut self, sign_in: &SignIn) -> AskId {
        self.ask_for(sign_in, GRAPH, Renewal::default())
    }

    pub fn ask_for(&mut self, sign_in: &SignIn, scopes: &str, renewal: Renewal) -> AskId {
        let wanted = Wanted { sign_in: sign_in.clone(), scopes: Scopes::new([scopes]).unwrap() };
        let id = self.engine.ask(&wanted, renewal).unwrap();
        self.run();
        id
    }

    pub fn pass(&mut self, seconds: f64) {
        self.now = self.now.later(Duration::from_secs_f64(seconds));
        self.run();
    }

    /// Takes the one request in flight.
    pub fn only(&mut self) -> Sent_ {
        assert_eq!(self.in_flight.len(), 1, "{:?}", self.in_flight);
        self.in_flight.remove(0)
    }

    /// Takes the first request of that leg.
    pub fn of(&mut self, leg: &str) -> Sent_ {
        let at = self.in_flight.iter().position(|sent| sent.leg == leg);
        self.in_flight.remove(at.unwrap_or_else(|| panic!("no {leg} in {:?}", self.in_flight)))
    }

    pub fn answer(&mut self, sent: &Sent_, answer: Answer) {
        self.engine.answer(self.now, sent.id, answer);
        self.run();
    }

    /// Answers with a token that lives an hour.
    pub fn grant(&mut self, sent: &Sent_, token: &str) {
        self.grant_with(sent, token, json!({}));
    }

    pub fn grant_with(&mut self, sent: &Sent_, token: &str, more: Value) {
        let mut body = json!({"token_type": "Bearer", "expires_in": 3599, "access_token": token});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.answer(sent, response(200, &[], &body));
    }

    pub fn refuse(&mut self, sent: &Sent_, error: &str, number: u32) {
        self.refuse_with(sent, error, number, json!({}));
    }

    pub fn refuse_with(&mut self, sent: &Sent_, error: &str, number: u32, more: Value) {
        let mut body = json!({"error": error, "error_description": format!("AADSTS{number}: No."), "error_codes": [number],
            "trace_id": "0f0f0f0f-1111-4222-8333-444444444444"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.answer(sent, response(400, &[], &body));
    }

    pub fn lose(&mut self, sent: &Sent_) {
        self.answer(sent, Answer::Lost { sent: Sent::Maybe, why: Loss::Broken("reset".to_owned()) });
    }

    /// Answers everything, by these lives of T1, T2 and the last token, until nothing is in flight.
    pub fn grant_all(&mut self) {
        while !self.in_flight.is_empty() {
            let sent = self.in_flight.remove(0);
            let token = format!("{}-{}", sent.leg, self.sent.len());
            self.grant(&sent, &token);
        }
    }

    pub fn token(&self, ask: AskId) -> String {
        match &self.ended.get(&ask) {
            Some(Ok(granted)) => granted.token.expose().to_owned(),
            other => panic!("{other:?}"),
        }
    }

    pub fn tag(&self, ask: AskId) -> TokenTag {
        self.ended[&ask].as_ref().unwrap().tag
    }

    pub fn problem(&self, ask: AskId) -> &Problem {
        self.ended.get(&ask).expect("it has not ended").as_ref().unwrap_err()
    }

    pub fn code(&self, ask: AskId) -> Code {
        self.problem(ask).code()
    }

    pub fn legs(&self) -> Vec<&'static str> {
        self.sent.iter().map(|sent| sent.leg).collect()
    }
}

pub fn response(status: u16, headers: &[(&'static str, &str)], body: &Value) -> Answer {
    let headers: Headers = headers.iter().map(|(name, value)| (*name, *value)).collect();
    let response = Response { status, headers, body: body.to_string().into_bytes() };
    Answer::Response { response, token: TokenTag::default() }
}

pub fn unreachable() -> Answer {
    Answer::Lost { sent: Sent::No, why: Loss::Unreachable("refused".to_owned()) }
}

fn form(body: &[u8]) -> BTreeMap<String, String> {
    let text = std::str::from_utf8(body).unwrap();
    let decode = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8().unwrap().into_owned();
    let mut form = BTreeMap::new();
    for pair in text.split('&') {
        let (name, value) = pair.split_once('=').unwrap();
        assert!(form.insert(decode(name), decode(value)).is_none(), "{name} is there twice");
    }
    form
}

pub fn login() -> Login {
    Login::chosen(None, None, None).unwrap()
}

pub fn sign_in(who: Who) -> SignIn {
    SignIn::new(login(), Tenant::parse(TENANT).unwrap(), who).unwrap()
}

fn id<T: From<agentuser_core::ObjectId>>(text: &str) -> T {
    text.parse::<agentuser_core::ObjectId>().unwrap().into()
}

pub fn application() -> SignIn {
    sign_in(Who::Application { client_id: id(APP) })
}

pub fn identity(number: u32) -> String {
    format!("1d000000-0000-4000-8000-{number:012}")
}

pub fn agent_identity(number: u32) -> SignIn {
    sign_in(Who::AgentIdentity { blueprint: id(BLUEPRINT), identity: id(&identity(number)) })
}

pub fn agent_user(number: u32) -> SignIn {
    let user = UserOf::by_id(&format!("05e20000-0000-4000-8000-{number:012}")).unwrap();
    sign_in(Who::AgentUser { blueprint: id(BLUEPRINT), identity: id(&identity(number)), user })
}

pub fn on_behalf_of(user_token: &str) -> SignIn {
    let user_token = Secret::from(user_token.to_owned());
    sign_in(Who::OnBehalfOf { blueprint: id(BLUEPRINT), identity: id(&identity(1)), user_token })
}

pub fn person(prompt: Prompt) -> SignIn {
    sign_in(Who::Person { client_id: id(APP), prompt })
}
