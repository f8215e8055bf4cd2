//! The failure of a credential store, in words.

/// Why the store could not do it, as the end of a sentence.
#[derive(Debug)]
pub(super) struct Failure(pub(super) String);
