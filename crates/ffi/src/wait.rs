//! The kinds of result that waiting for a call finds.

/// The kind of result that agentuser_call_wait found. New kinds may be added; numbers never change.
#[allow(non_camel_case_types)]
pub type agentuser_wait_kind = u32;

/// Nothing came within the time; there is no result.
pub const AGENTUSER_WAIT_TIMEOUT: agentuser_wait_kind = 0;
/// Progress: `{"event":"stage"…}`, `{"event":"waiting"…}`, `{"event":"rows"…}` or `{"event":"ending"…}`; and what the sign-in
/// notices and goes on with, `{"event":"remark","code":…,"message":…}`. Progress that is not taken is dropped, the oldest
/// first.
pub const AGENTUSER_WAIT_EVENT: agentuser_wait_kind = 1;
/// The call can't go on before the host does something for the sign-in, a JSON object with a `demandId` and a `kind`. Every
/// call that waits for it says so, once; one answer, by agentuser_client_answer with the demand's id, serves all of them. A
/// demand that is over wants no answer. Kinds may be added: end a call with a demand that you don't know, or can't meet, by
/// agentuser_call_demand_failed.
///
/// - `token`: an access token for `scope`. With `refused`, Graph did not take the last one: a cache must not give it out
///   again. `claims`, where there are any, is passed on to the sign-in.
/// - `assertion`: a client assertion of the application `clientId` for `audience`, made anew.
/// - `signature`: the signature of the bytes in the result's body by `algorithm`, which is `PS256` (RSASSA-PSS with SHA-256,
///   a salt of 32 bytes), with the key of the certificate of `clientId`. The answer is the bytes of the signature.
/// - `userToken`: the token of the person on whose behalf the agent identity acts, for the blueprint `clientId`, with
///   `claims` passed on.
/// - `authorize`: open `url` in a browser. The sign-in goes on by itself, without an answer.
/// - `deviceCode`: show the person `message`, or else `userCode` and `verificationUri`; the code is good for
///   `expiresInS` seconds. The sign-in goes on by itself, without an answer.
pub const AGENTUSER_WAIT_DEMAND: agentuser_wait_kind = 2;
/// A page of agent users (a JSON array, and rows) or of agent identities (a JSON array), or the report of a roster's row
/// (a JSON object).
pub const AGENTUSER_WAIT_ITEM: agentuser_wait_kind = 3;
/// The end: the operation's result, with one row where it is an agent user. Afterwards waiting says ENDED.
pub const AGENTUSER_WAIT_DONE: agentuser_wait_kind = 4;
/// The end: the problem it failed with. Afterwards waiting says ENDED.
pub const AGENTUSER_WAIT_FAILED: agentuser_wait_kind = 5;
/// A record of what was sent or changed, where the operation's `records` ask for it: `{"record":"request"…}` or
/// `{"record":"change"…}`. None is left out, and the call is held back while many are not taken.
pub const AGENTUSER_WAIT_RECORD: agentuser_wait_kind = 6;
