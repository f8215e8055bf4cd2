//! A task's message to the loop that waits for it.

use tokio::sync::mpsc;

/// Sends the message of a task when it is dropped, so also when the task panics.
pub(crate) struct ReplyOnDrop<M> {
    sender: mpsc::UnboundedSender<M>,
    /// The message of a task that breaks down, until the task gives another.
    message: Option<M>,
}

impl<M> ReplyOnDrop<M> {
    pub(crate) fn new(sender: &mpsc::UnboundedSender<M>, breakdown: M) -> Self {
        Self { sender: sender.clone(), message: Some(breakdown) }
    }

    pub(crate) fn send(mut self, message: M) {
        self.message = Some(message);
    }
}

impl<M> Drop for ReplyOnDrop<M> {
    fn drop(&mut self) {
        if let Some(message) = self.message.take() {
            // Sending fails when the loop is gone, which wants no message any more.
            drop(self.sender.send(message));
        }
    }
}
