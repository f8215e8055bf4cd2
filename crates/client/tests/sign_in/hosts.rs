//! Programs that sign-ins are for.

use agentuser::Remark;
use agentuser::sign_in::{MeetFuture, SignInDemand, SignInHost};
use std::sync::Mutex;

/// Meets no demand, and keeps the remarks.
#[derive(Debug, Default)]
pub struct Deaf(Mutex<Vec<Remark>>);

impl Deaf {
    pub fn remarks(&self) -> Vec<Remark> {
        self.0.lock().unwrap().clone()
    }
}

impl SignInHost for Deaf {
    fn meet(&self, demand: SignInDemand) -> MeetFuture<'_> {
        Box::pin(async move { Err(demand.unmet()) })
    }

    fn remark(&self, remark: Remark) {
        self.0.lock().unwrap().push(remark);
    }
}
