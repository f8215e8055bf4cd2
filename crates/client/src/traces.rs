//! Records for the `tracing` crate, with the feature `tracing`. Their target is `agentuser`.
//!
//! A request is a span from its leaving to its end, and its end is an event within the span: at the level INFO, or WARN
//! where it was lost or refused. A part of a batch has a span that ends where it begins, since it has no connection of its
//! own. A change is an event.

use agentuser_core::operation::{Outgoing, Record, Recording};
#[cfg(feature = "tracing")]
use std::collections::HashMap;
use std::future::Future;
#[cfg(feature = "tracing")]
use tracing::{Instrument as _, Level, Span, field};

/// The spans and events of a run, for a subscriber of `tracing`.
#[cfg(feature = "tracing")]
#[derive(Debug)]
pub(crate) struct Traces {
    listens: bool,
    /// The requests in flight, by their `client-request-id`.
    open: HashMap<String, Span>,
}

#[cfg(feature = "tracing")]
impl Traces {
    pub(crate) fn new() -> Self {
        // A subscriber that takes warnings alone hears of them, too.
        Self { listens: tracing::enabled!(target: "agentuser", Level::WARN), open: HashMap::new() }
    }

    /// The records that the host or the subscriber takes.
    pub(crate) fn and_traced(&self, recording: Recording) -> Recording {
        if self.listens { Recording { requests: true, changes: true, ..recording } } else { recording }
    }

    /// A request leaves: its span begins.
    pub(crate) fn leaves(&mut self, outgoing: &Outgoing) -> RequestSpan {
        if !self.listens {
            return RequestSpan(Span::none());
        }
        let id = outgoing.request.headers.get("client-request-id").unwrap_or_default();
        let span = span(outgoing.request.method.as_str(), id);
        self.open.insert(id.to_owned(), span.clone());
        RequestSpan(span)
    }

    /// Tells the subscriber.
    pub(crate) fn tell(&mut self, record: &Record) {
        macro_rules! request {
            ($level:ident, $of:expr) => {
                tracing::$level!(
                    target: "agentuser",
                    method = $of.method,
                    path = %$of.path,
                    status = $of.status,
                    loss = $of.loss.map(field::debug),
                    duration_ms = $of.duration_ms,
                    request_id = $of.request_id,
                    client_request_id = %$of.client_request_id,
                    attempt = $of.attempt,
                    retry_after_ms = $of.retry_after_ms,
                    batch_id = $of.batch_id,
                    run_id = %$of.run_id,
                    row = $of.row,
                    "request"
                )
            };
        }
        if !self.listens {
            return;
        }
        match record {
            Record::Request(of) => {
                let id = &of.client_request_id;
                let span = self.open.remove(id).unwrap_or_else(|| span(of.method, id));
                span.record("path", field::display(&of.path));
                span.record("status", of.status);
                span.record("attempt", of.attempt);
                span.record("run_id", field::display(&of.run_id));
                let _within = span.enter();
                if of.status.is_some_and(|status| status < 400) {
                    request!(info, of);
                } else {
                    request!(warn, of);
                }
            }
            Record::Change(of) => tracing::info!(
                target: "agentuser",
                who = of.who,
                reason = of.reason,
                object = of.object,
                user_principal_name = of.user_principal_name.as_ref().map(field::display),
                change = of.change,
                outcome = ?of.outcome,
                member = of.member,
                before = %of.before,
                after = %of.after,
                status = of.status,
                request_id = of.request_id,
                client_request_id = of.client_request_id,
                run_id = %of.run_id,
                row = of.row,
                "change"
            ),
            _ => {}
        }
    }
}

/// The span of a request that leaves.
#[cfg(feature = "tracing")]
#[derive(Debug)]
pub(crate) struct RequestSpan(Span);

#[cfg(feature = "tracing")]
impl RequestSpan {
    /// The work for the request, within its span.
    pub(crate) fn around<F: Future>(self, sent: F) -> impl Future<Output = F::Output> {
        sent.instrument(self.0)
    }
}

/// The span of a request. Its other fields are known at its end.
#[cfg(feature = "tracing")]
fn span(method: &str, client_request_id: &str) -> Span {
    tracing::info_span!(
        target: "agentuser",
        "request",
        method,
        client_request_id,
        path = field::Empty,
        status = field::Empty,
        attempt = field::Empty,
        run_id = field::Empty
    )
}

/// No subscriber hears of a run.
#[cfg(not(feature = "tracing"))]
#[derive(Debug)]
pub(crate) struct Traces;

#[cfg(not(feature = "tracing"))]
#[allow(clippy::unused_self)]
impl Traces {
    pub(crate) const fn new() -> Self {
        Self
    }

    /// The records that the host takes.
    pub(crate) const fn and_traced(&self, recording: Recording) -> Recording {
        recording
    }

    pub(crate) const fn leaves(&mut self, _: &Outgoing) -> RequestSpan {
        RequestSpan
    }

    pub(crate) const fn tell(&mut self, _: &Record) {}
}

/// No span.
#[cfg(not(feature = "tracing"))]
#[derive(Debug)]
pub(crate) struct RequestSpan;

#[cfg(not(feature = "tracing"))]
#[allow(clippy::unused_self)]
impl RequestSpan {
    pub(crate) fn around<F: Future>(self, sent: F) -> F {
        sent
    }
}
