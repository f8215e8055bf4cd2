//! Asking a question, and keeping its answer without ids and names.

use super::mask::Names;
use super::questions::{Question, QuestionHow};
use super::report::{ProbeAnswer, ProbeReport, Unasked};
use crate::call::Call;
use crate::graph::{Ask, Cloud, probe, probe_with};
use crate::http::Response;
use crate::operation::Graph;
use crate::problem::{Problem, explain};
use crate::utc::Utc;
use serde_json::Value;
use std::collections::BTreeMap;

/// The requests and answers of one probe.
pub(super) struct Asker<'a> {
    pub(super) graph: &'a Graph,
    pub(super) names: Names,
    answers: Vec<ProbeAnswer>,
    reasons: BTreeMap<Question, String>,
}

impl<'a> Asker<'a> {
    pub(super) fn new(graph: &'a Graph) -> Self {
        Self { graph, names: Names::default(), answers: Vec::new(), reasons: BTreeMap::new() }
    }

    /// Sends a request and keeps its answer for a question. None where there is no answer that says anything.
    ///
    /// # Errors
    /// A cancellation and a deadline; that no token can be had.
    pub(super) async fn ask(
        &mut self,
        question: Question,
        call: Call,
        path: &str,
    ) -> Result<Option<Response>, Problem> {
        let ask = probe(self.graph.endpoint(), call, path);
        self.send(question, &ask, path).await
    }

    /// The same with a body.
    pub(super) async fn ask_with(
        &mut self,
        question: Question,
        call: Call,
        path: &str,
        body: &Value,
    ) -> Result<Option<Response>, Problem> {
        let ask = probe_with(self.graph.endpoint(), call, path, body);
        self.send(question, &ask, path).await
    }

    async fn send(
        &mut self,
        question: Question,
        ask: &Ask<()>,
        path: &str,
    ) -> Result<Option<Response>, Problem> {
        match self.graph.answer(ask).await {
            Ok(response) => {
                let answer = self.answer(question, ask.call(), path, &response);
                self.answers.push(answer);
                Ok(Some(response))
            }
            Err(problem) if problem.is_stop() || problem.answered().is_none_or(|status| status == 401) => {
                Err(problem)
            }
            Err(problem) => {
                self.leave_out(question, &format!("Graph did not answer: {}", problem.code()));
                Ok(None)
            }
        }
    }

    /// Notes why a question has no answer.
    pub(super) fn leave_out(&mut self, question: Question, reason: &str) {
        self.reasons.entry(question).or_insert_with(|| reason.to_owned());
    }

    /// Adds a sentence to the last answer, about facts beside its shape.
    pub(super) fn tells(&mut self, what: impl Into<String>) {
        if let Some(last) = self.answers.last_mut() {
            last.tells = Some(what.into());
        }
    }

    fn answer(&self, question: Question, call: Call, path: &str, response: &Response) -> ProbeAnswer {
        let problem = (!(200..300).contains(&response.status)).then(|| explain(call, response));
        let text = |text: Option<&str>| text.map(|text| self.names.mask(text));
        let mut headers: Vec<String> =
            response.headers.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
        headers.sort_unstable();
        headers.dedup();
        ProbeAnswer {
            question,
            request: format!("{} {}", call.method(), self.names.path(path)),
            status: response.status,
            code: text(problem.as_ref().and_then(Problem::graph_code)),
            message: text(problem.as_ref().and_then(Problem::graph_message)),
            members: self.names.members(&response.body),
            headers,
            tells: None,
        }
    }

    pub(super) fn report(self, writes: bool, cleaned_up: Option<bool>) -> ProbeReport {
        let asked = |question: &Question| self.answers.iter().any(|answer| answer.question == *question);
        let reason = |question: Question| match question.how() {
            QuestionHow::NotAsked(reason) => reason.to_owned(),
            QuestionHow::Writes if !writes => {
                "It is asked by writes: name a parent, an agent identity without an agent user.".to_owned()
            }
            _ => self
                .reasons
                .get(&question)
                .cloned()
                .unwrap_or_else(|| "The objects that it needs were not found.".to_owned()),
        };
        let unasked = Question::ALL.iter().copied().filter(|question| !asked(question));
        let date: String = Utc(self.graph.now().unix_ms).to_string().chars().take(10).collect();
        ProbeReport {
            version: env!("CARGO_PKG_VERSION"),
            date,
            cloud: cloud_of(self.graph),
            delegated: self.graph.last_token().and_then(|(_, facts)| facts.is_delegated()),
            not_asked: unasked.map(|question| Unasked { question, reason: reason(question) }).collect(),
            answers: self.answers,
            cleaned_up,
        }
    }
}

/// The body as JSON; null where it is none.
pub(super) fn json(response: &Response) -> Value {
    serde_json::from_slice(&response.body).unwrap_or_default()
}

/// A text of the body, or of an object in it.
pub(super) fn text<'a>(value: &'a Value, member: &str) -> Option<&'a str> {
    value.get(member).and_then(Value::as_str)
}

/// The name of the cloud that requests go to.
fn cloud_of(graph: &Graph) -> Option<&'static str> {
    Cloud::ALL.iter().find(|cloud| cloud.graph() == graph.endpoint().origin()).map(|cloud| cloud.name())
}
