//! Requests on their way, and their answers.

use super::plan::Fate;
use super::request::{Asked, Person, Wants};
use super::run::{Arena, Event};
use super::world::{adorn, fault};
use crate::violation::{Invariant, Violation, require};
use agentuser_core::http::{Request, Response};
use agentuser_core::operation::{Answer, Loss, LossKind, RequestId, RequestRecord, Sent, TokenTag};
use agentuser_core::problem::Code;
use std::time::Duration;

impl Arena<'_> {
    /// A request reaches Entra, or does not.
    pub(super) fn arrive(&mut self, id: RequestId, request: &Request, fate: Fate) {
        let lost = |sent, why| Answer::Lost { sent, why };
        let broken = || lost(Sent::Maybe, Loss::Broken("reset by peer".to_owned()));
        let leg = self.in_flight.get(&id).map(|asked| asked.leg).unwrap_or_default();
        let execute = |arena: &mut Self| -> Response {
            let response = arena.world.directory.handle(arena.now, None, request);
            adorn(arena.scenario, leg, response, arena.world.calm)
        };
        let back = Duration::from_millis(u64::from(self.draw("back").below("latency", 400)));
        let whole = |response| Answer::Response { response, token: TokenTag::default() };
        let (wait, answer) = match fate {
            Fate::Answered => (back, whole(execute(self))),
            Fate::LostBefore => (back, broken()),
            Fate::LostAfter => {
                let unseen = execute(self);
                self.trace.say(self.now, || format!("{leg} is answered {} and lost", unseen.status));
                (back, broken())
            }
            Fate::Unreachable => (back, lost(Sent::No, Loss::Unreachable("refused".to_owned()))),
            Fate::Silent => return,
            Fate::Late => (Duration::from_secs(70), whole(execute(self))),
            Fate::Throttled(_) | Fate::Unavailable(_) | Fate::Garbage(_) => match fault(fate) {
                Some(response) => (back, whole(response)),
                None => return,
            },
        };
        self.after(wait, Event::Answer(id, Box::new(answer)));
    }

    pub(super) fn answer(&mut self, id: RequestId, answer: Answer) {
        let Some(asked) = self.in_flight.remove(&id) else {
            self.engine.answer(self.now, id, answer);
            return;
        };
        let now = self.now.mono;
        let end = match &answer {
            Answer::Response { response, .. } => {
                self.trace.say(self.now, || {
                    let error = if response.status == 200 {
                        "".into()
                    } else {
                        String::from_utf8_lossy(&response.body)
                    };
                    format!("{asked:?} is answered {} {error}", response.status)
                });
                self.note_persons(&asked, response);
                self.model.answered(&asked, response, now);
                Some(response.status)
            }
            Answer::Lost { why, .. } => {
                let (code, _) = why.explain("");
                self.trace.say(self.now, || format!("{asked:?} is lost: {code:?}"));
                self.model.lost(&asked, code, now);
                None
            }
            Answer::NoToken(_) => None,
        };
        self.unrecorded.insert(asked.trace_id.clone(), (asked, Some(end)));
        self.engine.answer(self.now, id, answer);
    }

    /// Notes the persons of an answer's refresh token and device code.
    fn note_persons(&mut self, asked: &Asked, response: &Response) {
        let Ok(body) = serde_json::from_slice::<serde_json::Value>(&response.body) else { return };
        let text = |name: &str| body.get(name).and_then(serde_json::Value::as_str).map(str::to_owned);
        let (name, scope) = match &asked.wants {
            Wants::OnBehalfOf(_, person, _) => (person.clone(), String::new()),
            Wants::Person(scope) => ("person".to_owned(), scope.clone()),
            _ => return,
        };
        for secret in [text("refresh_token"), text("device_code")].into_iter().flatten() {
            let person = Person { name: name.clone(), scope: scope.clone(), claims: asked.claims.clone() };
            self.persons.insert(secret, person);
        }
    }

    pub(super) fn recorded(&mut self, record: &RequestRecord) -> Result<(), Violation> {
        let text = serde_json::to_string(record).unwrap_or_default();
        self.model.check_text(&text)?;
        let clean = !record.path.contains('?') && record.leg.is_some();
        let known = self.unrecorded.remove(&record.client_request_id);
        let Some((asked, end)) = known.filter(|_| clean) else {
            return Err(Violation {
                invariant: Invariant::Recorded,
                what: format!("a record of nothing: {text}"),
            });
        };
        let holds = match end {
            Some(status) => record.status == status && record.loss.is_some() == status.is_none(),
            None => matches!(record.loss, Some(LossKind::TimedOut | LossKind::GivenUp)),
        };
        if record.loss == Some(LossKind::TimedOut) && end.is_none() {
            self.model.lost(&asked, Code::TimedOut, self.now.mono);
        }
        require(holds, Invariant::Recorded, || {
            format!("{asked:?} ended with {end:?}, and its record is {text}")
        })
    }
}
