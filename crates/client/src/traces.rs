//! Records as events of the `tracing` crate, with the feature `tracing`: one per request at the level INFO, or WARN where it
//! was lost or refused, and one per change. Their target is `agentuser`.

use agentuser_core::operation::{Record, Recording};

/// What the host wants, and what a subscriber listens to.
#[cfg(feature = "tracing")]
pub(crate) fn and_traced(recording: Recording) -> Recording {
    if !tracing::enabled!(target: "agentuser", tracing::Level::INFO) {
        return recording;
    }
    Recording { requests: true, changes: true, ..recording }
}

/// What the host wants.
#[cfg(not(feature = "tracing"))]
pub(crate) fn and_traced(recording: Recording) -> Recording {
    recording
}

/// Tells a subscriber.
#[cfg(feature = "tracing")]
pub(crate) fn trace(record: &Record) {
    macro_rules! request {
        ($level:ident, $of:expr) => {
            tracing::$level!(
                target: "agentuser",
                method = $of.method,
                path = %$of.path,
                status = $of.status,
                loss = $of.loss.map(tracing::field::debug),
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
    match record {
        Record::Request(of) if of.status.is_some_and(|status| status < 400) => request!(info, of),
        Record::Request(of) => request!(warn, of),
        Record::Change(of) => tracing::info!(
            target: "agentuser",
            object = of.object,
            user_principal_name = %of.user_principal_name,
            change = of.change,
            member = of.member,
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

/// No subscriber is told.
#[cfg(not(feature = "tracing"))]
pub(crate) fn trace(_: &Record) {}
