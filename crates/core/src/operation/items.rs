//! Results on their way out, with back pressure.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};

/// The flow's end of the queue of results.
#[derive(Debug)]
pub struct Items<I>(Arc<Mutex<Queue<I>>>);

#[derive(Debug)]
struct Queue<I> {
    ready: VecDeque<I>,
    limit: usize,
    waiting: Vec<Waker>,
}

impl<I> Clone for Items<I> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<I> Items<I> {
    pub(super) fn new(limit: usize) -> Self {
        Self(Arc::new(Mutex::new(Queue { ready: VecDeque::new(), limit: limit.max(1), waiting: Vec::new() })))
    }

    fn lock(&self) -> MutexGuard<'_, Queue<I>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands out a result. Waits while the host has as many as it allows to take.
    pub async fn put(&self, item: impl Into<I>) {
        self.put_among(usize::MAX, item.into()).await;
    }

    /// Hands out a large result. Waits while the host has any other to take, however many it allows: where answers come
    /// faster than results are taken, the queue would gather them all.
    pub async fn put_alone(&self, item: impl Into<I>) {
        self.put_among(1, item.into()).await;
    }

    async fn put_among(&self, most: usize, item: I) {
        let mut item = Some(item);
        poll_fn(|context| {
            let mut queue = self.lock();
            if queue.ready.len() < queue.limit.min(most) {
                queue.ready.extend(item.take());
                return Poll::Ready(());
            }
            queue.waiting.push(context.waker().clone());
            Poll::Pending
        })
        .await;
    }

    pub(super) fn take(&self) -> Option<I> {
        let (item, waiting) = {
            let mut queue = self.lock();
            let item = queue.ready.pop_front();
            (
                item,
                if queue.ready.len() < queue.limit { std::mem::take(&mut queue.waiting) } else { Vec::new() },
            )
        };
        waiting.into_iter().for_each(Waker::wake);
        item
    }
}
