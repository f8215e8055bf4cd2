//! Calls: operations that a client runs, and that the caller pumps.

use crate::boundary::{boundary, export};
use crate::client::{ClientHandle, agentuser_client};
use crate::demands::OpenDemands;
use crate::handle::{self, Handle};
use crate::input;
use crate::output::Out;
use crate::queue::{Queue, Taken};
use crate::result_data::{ResultData, agentuser_result};
use crate::status::{AGENTUSER_BUSY, agentuser_status};
use crate::wait::{AGENTUSER_WAIT_TIMEOUT, agentuser_wait_kind};
use crate::wake::{Wake, agentuser_wake};
use ::agentuser_client::{AccessToken, CancelHandle, Code, Problem, Run, TokenWaits, Yielded};
use agentuser_core::json::{Item, OperationRequest, Output, TokenQuery};
use std::collections::BTreeSet;
use std::convert::Infallible;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::AbortHandle;

/// A call of a client: one operation under way.
#[allow(non_camel_case_types)]
pub struct agentuser_call(());

/// As `timeout_ms`: wait as long as it takes.
pub const AGENTUSER_FOREVER: u32 = 0xFFFF_FFFF;

/// The object behind a call handle.
pub(crate) struct Call {
    queue: Arc<Queue>,
    cancel: Cancel,
    waits: TokenWaits,
    task: AbortHandle,
    /// A thread waits for it.
    waiting: AtomicBool,
    /// Keeps the client's threads.
    client: Arc<ClientHandle>,
}

/// The way to cancel a call: its run, or its wait for a token.
enum Cancel {
    Run(CancelHandle),
    /// A token is only waited for.
    Wait,
}

impl Handle for Call {
    type Opaque = agentuser_call;
}

impl Call {
    fn start(client: Arc<ClientHandle>, request: OperationRequest, wake: Wake) -> Result<Self, Problem> {
        let queue = Arc::new(Queue::new(wake));
        let events = Arc::clone(&queue);
        let run = client.client().start(request).on_event(move |event| events.event(event));
        let (cancel, waits) = (Cancel::Run(run.cancel_handle()), run.token_waits());
        Self::spawn(client, Arc::clone(&queue), cancel, waits, async move { drive(run, &queue).await })
    }

    /// Gets a token.
    pub(crate) fn start_token(
        client: Arc<ClientHandle>,
        query: TokenQuery,
        wake: Wake,
    ) -> Result<Self, Problem> {
        let queue = Arc::new(Queue::new(wake));
        let (waits, of_call) = (TokenWaits::new(), Arc::clone(&client));
        let waiting = waits.clone();
        let token = async move {
            let token = of_call.client().token_waiting(&query, &waiting).await;
            token.map(|token| token_result(&token)).map_err(|problem| ResultData::of(&problem))
        };
        Self::spawn(client, queue, Cancel::Wait, waits, token)
    }

    fn spawn(
        client: Arc<ClientHandle>,
        queue: Arc<Queue>,
        cancel: Cancel,
        waits: TokenWaits,
        work: impl Future<Output = Result<ResultData, ResultData>> + Send + 'static,
    ) -> Result<Self, Problem> {
        let runtime = client.runtime()?;
        client.demands().tell(&queue);
        let watch = watch(client.demands().watch(), waits.watch(), Arc::clone(&queue));
        let end = End(Arc::clone(&queue));
        let task = runtime.spawn(async move {
            let result = tokio::select! {
                result = work => result,
                never = watch => match never {},
            };
            end.0.end(result);
        });
        let task = task.abort_handle();
        Ok(Self { queue, cancel, waits, task, waiting: AtomicBool::new(false), client })
    }

    fn wait(&self, timeout_ms: u32) -> Result<(agentuser_wait_kind, Option<ResultData>), agentuser_status> {
        if self.waiting.swap(true, Ordering::AcqRel) {
            return Err(AGENTUSER_BUSY);
        }
        let timeout = (timeout_ms != AGENTUSER_FOREVER).then(|| Duration::from_millis(timeout_ms.into()));
        let taken = self.queue.take(timeout);
        self.waiting.store(false, Ordering::Release);
        taken
    }

    fn demand_failed(&self, why: &str) {
        let open = self.client.demands().open();
        let taken = self.queue.demand_taken();
        let failed = open.iter().find(|demand| Some(demand.id()) == taken).or(open.first());
        // Another thread may just have met it: then nothing is asked any more.
        if let Some(demand) = failed {
            self.waits.fail(demand.missing().because(why.trim_end_matches('.')));
        }
    }

    fn cancel(&self) {
        match &self.cancel {
            Cancel::Run(handle) => handle.cancel(),
            Cancel::Wait => self.waits.fail(Problem::new(Code::Cancelled, "The sign-in was cancelled.")),
        }
    }

    fn free(&self) {
        // In this order: a task that is aborted adds an end, which the queue must not take.
        self.queue.close();
        self.task.abort();
    }
}

/// Takes the run's items and records until it ends. The run goes on while reports wait to be taken, but not while a page
/// does, or many records do.
async fn drive(mut run: Run<Item, Output>, queue: &Queue) -> Result<ResultData, ResultData> {
    while let Some(yielded) = run.next_yielded().await {
        match yielded {
            Yielded::Item(Item::AgentUsers(page)) => {
                queue.item(Taken::Page, ResultData::of_page(page));
                queue.room().await;
            }
            Yielded::Item(item) if item.is_page() => {
                queue.item(Taken::Page, ResultData::of_json(item.to_json()));
                queue.room().await;
            }
            Yielded::Item(item) => queue.item(Taken::Report, ResultData::of_json(item.to_json())),
            Yielded::Record(record) => {
                queue.item(Taken::Record, ResultData::of_json(record.to_json()));
                queue.room_for_records().await;
            }
        }
    }
    match run.await {
        Ok(output) => Ok(ResultData::of_json(output.as_str()).with_page(output.agent_user())),
        Err(problem) => Err(ResultData::of(&problem)),
    }
}

/// A token beside what is known of it.
fn token_result(token: &AccessToken) -> ResultData {
    let json = serde_json::json!({
        "expiresInS": token.expires_in().map(|time| time.as_secs()),
        "scope": token.scope(),
        "account": token.account(),
    });
    let bytes = token.expose_secret().as_bytes().to_vec();
    ResultData::of_json(json.to_string()).with_bodies(vec![(0, bytes)])
}

/// Shows the open demands to the call's caller whenever the call waits for a token.
async fn watch(
    mut demands: watch::Receiver<OpenDemands>,
    mut waiting: watch::Receiver<usize>,
    queue: Arc<Queue>,
) -> Infallible {
    let mut shown = BTreeSet::new();
    loop {
        let open = demands.borrow_and_update().clone();
        let waits = *waiting.borrow_and_update() > 0;
        // A demand that the caller has not taken is shown again when the call waits again; one that is over, never.
        shown.retain(|id| {
            let is_open = open.iter().any(|demand| demand.id() == *id);
            let is_taken = is_open && waits || !queue.forget_demand(*id);
            is_open && is_taken
        });
        for demand in open.iter().filter(|_| waits) {
            if shown.insert(demand.id()) {
                queue.demand(Arc::clone(demand));
            }
        }
        let changed = tokio::select! {
            changed = waiting.changed() => changed,
            changed = demands.changed() => changed,
        };
        if changed.is_err() {
            // The client or the run is gone, and this task will be dropped with it.
            return std::future::pending().await;
        }
    }
}

/// Gives the queue an end, also when the task is aborted or panics.
struct End(Arc<Queue>);

impl Drop for End {
    fn drop(&mut self) {
        self.0.end(Err(ResultData::of(&Problem::new(Code::Internal, "The call ended without a result."))));
    }
}

/// Starts an operation. It runs on the client's threads, also while no thread waits for it; agentuser_call_wait gives
/// its results.
///
/// `json` is an operation such as `{"operation":"get","user":"ada@contoso.com"}`; `input` holds the bytes that some
/// operations take beside it (a roster's file), else NULL. Both are copied. `wake`, which may be NULL, is called with
/// `key` when there is something to wait for, and again only after agentuser_call_wait has said TIMEOUT: take
/// everything then. The first call may come before this function returns.
///
/// `*call` is to be freed with agentuser_call_free, and on PROBLEM `*problem` with agentuser_result_free. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_call_start(
    client: *const agentuser_client,
    json: *const u8,
    json_len: usize,
    input: *const u8,
    input_len: usize,
    wake: agentuser_wake,
    key: usize,
    call: *mut *mut agentuser_call,
    problem: *mut *mut agentuser_result,
) -> agentuser_status {
    export!(problem, place = Out::handle(call), {
        let client = handle::get::<ClientHandle>(client)?;
        let json = input::text(json, json_len)?;
        let input = input::copy(input, input_len)?;
        let request = OperationRequest::parse(json.as_bytes(), input)?;
        place.set(handle::add(Call::start(client, request, Wake::new(wake, key))?));
        Ok(())
    })
}

/// Starts to get a token, for a program that asks another service than Graph, or sends to Graph by itself. The call is waited
/// for like any other. DONE has `{"expiresInS":…,"scope":…,"account":…}`, each null where nobody knows it, and the token
/// itself as its body (agentuser_result_body), which is overwritten when the result is freed.
///
/// `json` is `{"scopes":["https://graph.microsoft.com/.default"],"refresh":false}`. Without `scopes` it is the token for
/// Graph; `refresh` signs in anew, for a token that was refused. `claims`, a text of JSON, is the claims challenge of the
/// service that refused it: it goes to the sign-in. `wake`, `key`, `*call` and `*problem` are as for
/// agentuser_call_start. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_token_start(
    client: *const agentuser_client,
    json: *const u8,
    json_len: usize,
    wake: agentuser_wake,
    key: usize,
    call: *mut *mut agentuser_call,
    problem: *mut *mut agentuser_result,
) -> agentuser_status {
    export!(problem, place = Out::handle(call), {
        let client = handle::get::<ClientHandle>(client)?;
        let query = TokenQuery::parse(input::text(json, json_len)?.as_bytes())?;
        place.set(handle::add(Call::start_token(client, query, Wake::new(wake, key))?));
        Ok(())
    })
}

/// Takes the next result, waiting up to `timeout_ms` milliseconds for it (0 looks without waiting, AGENTUSER_FOREVER
/// waits without end). At most one page waits to be taken, and one more is on its way: a list is held back while its
/// pages are not taken. Reports are never held back.
///
/// `*result` is NULL on TIMEOUT, else to be freed with agentuser_result_free. BUSY: another thread is waiting for this
/// call. ENDED: its end was taken, or it was freed meanwhile. One thread at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_call_wait(
    call: *mut agentuser_call,
    timeout_ms: u32,
    kind: *mut agentuser_wait_kind,
    result: *mut *mut agentuser_result,
) -> agentuser_status {
    export!({
        let (kind, result) = (Out::new(kind, AGENTUSER_WAIT_TIMEOUT), Out::handle(result));
        let (kind, result) = (kind?, result?);
        let (taken, outcome) = handle::get::<Call>(call)?.wait(timeout_ms)?;
        kind.set(taken);
        if let Some(outcome) = outcome {
            result.set(handle::add(outcome));
        }
        Ok(())
    })
}

/// Answers DEMAND for this call: it will not be met. The requests that wait for a token fail, and the call ends as it can.
/// Other calls of the client still wait for theirs. It is the demand that agentuser_call_wait gave last for this call: the
/// code and the fix of the problem are of its kind, such as `NoBrowser` of `authorize`.
///
/// `why` becomes part of the problem, so it must not hold a secret. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_call_demand_failed(
    call: *const agentuser_call,
    why: *const u8,
    why_len: usize,
) -> agentuser_status {
    export!({
        let call = handle::get::<Call>(call)?;
        call.demand_failed(input::text(why, why_len)?);
        Ok(())
    })
}

/// Asks the call to end in good order: nothing new is started, what is in flight is finished, lost answers are looked
/// up. Go on waiting until DONE or FAILED. It may be called any number of times.
///
/// Any thread, also while another waits.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_call_cancel(call: *const agentuser_call) -> agentuser_status {
    boundary(|| {
        handle::get::<Call>(call)?.cancel();
        Ok(())
    })
}

/// Frees a call. One that has not ended stops at once: requests in flight are cut, and a write among them may or may
/// not take place; running the same again is safe. To know what was done, cancel first and wait for the end.
/// No wake runs after this returns. NULL is fine.
///
/// Any thread, also while another one waits, which then returns with ENDED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_call_free(call: *mut agentuser_call) -> agentuser_status {
    boundary(|| {
        if let Some(call) = handle::remove::<Call>(call)? {
            call.free();
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demand::Demand;
    use crate::wait::AGENTUSER_WAIT_DEMAND;
    use std::task::{Context, Poll, Waker};

    fn open(ids: &[u64]) -> OpenDemands {
        ids.iter().map(|id| Arc::new(Demand::of_id(*id))).collect()
    }

    #[test]
    fn a_demand_is_shown_once_and_again_only_when_nobody_has_seen_it() {
        let queue = Arc::new(Queue::new(Wake::new(None, 0)));
        let (demand, demands) = watch::channel(open(&[1]));
        let (waiting, waits) = watch::channel(1_usize);
        let mut watching = std::pin::pin!(super::watch(demands, waits, Arc::clone(&queue)));
        let mut look = || {
            let polled = watching.as_mut().poll(&mut Context::from_waker(Waker::noop()));
            assert!(matches!(polled, Poll::Pending));
        };
        let next = || queue.take(Some(Duration::ZERO)).unwrap().0;
        look();
        assert_eq!(next(), AGENTUSER_WAIT_DEMAND);
        // More requests wait, then none, then one: the caller is at it.
        for requests in [2, 0, 1] {
            waiting.send_replace(requests);
            look();
            assert_eq!(next(), AGENTUSER_WAIT_TIMEOUT);
        }
        // Another demand, gone before it was taken, and back.
        demand.send_replace(open(&[2]));
        look();
        waiting.send_replace(0);
        look();
        assert_eq!(next(), AGENTUSER_WAIT_TIMEOUT);
        waiting.send_replace(1);
        look();
        assert_eq!(next(), AGENTUSER_WAIT_DEMAND);
        // Met.
        demand.send_replace(open(&[]));
        look();
        assert_eq!(next(), AGENTUSER_WAIT_TIMEOUT);
    }
}
