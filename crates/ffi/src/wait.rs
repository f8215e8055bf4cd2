//! The kinds of result that waiting for a call finds.

/// The kind of result that agentuser_call_wait found. New kinds may be added; numbers never change.
#[allow(non_camel_case_types)]
pub type agentuser_wait_kind = u32;

/// Nothing came within the time; there is no result.
pub const AGENTUSER_WAIT_TIMEOUT: agentuser_wait_kind = 0;
/// Progress: `{"event":"stage"…}`, `{"event":"waiting"…}`, `{"event":"rows"…}` or `{"event":"ending"…}`. Progress that is not
/// taken is dropped, the oldest first.
pub const AGENTUSER_WAIT_EVENT: agentuser_wait_kind = 1;
/// The call can't go on without a token: `{"demandId":…,"scope":…,"claims"?:…,"refused":…}`. Answer with
/// agentuser_client_set_token, or agentuser_call_token_failed. Every call that needs one says so, once; one token serves
/// all. `demandId` is a number, the same in all calls that say the same: a demand that was answered meanwhile needs no
/// other answer, and a later one has a higher number. With `refused`, Graph did not take the last token: a cache must
/// not give it out again. `claims` is passed on to the sign-in.
pub const AGENTUSER_WAIT_TOKEN: agentuser_wait_kind = 2;
/// A page of agent users (a JSON array, and rows) or the report of a roster's row (a JSON object).
pub const AGENTUSER_WAIT_ITEM: agentuser_wait_kind = 3;
/// The end: the operation's result, with one row where it is an agent user. Afterwards waiting says ENDED.
pub const AGENTUSER_WAIT_DONE: agentuser_wait_kind = 4;
/// The end: the problem it failed with. Afterwards waiting says ENDED.
pub const AGENTUSER_WAIT_FAILED: agentuser_wait_kind = 5;
/// A record of what was sent or changed, where the operation's `records` ask for it: `{"record":"request"…}` or
/// `{"record":"change"…}`. None is left out, and the call is held back while many are not taken.
pub const AGENTUSER_WAIT_RECORD: agentuser_wait_kind = 6;
