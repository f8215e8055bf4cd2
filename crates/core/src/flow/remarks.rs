//! Remarks of flows.

use crate::remark::{Remark, RemarkCode};

/// A remark with names from the directory, which may have control characters.
pub(super) fn remark(code: RemarkCode, message: &str) -> Remark {
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    Remark::new(code, message.chars().map(plain).collect::<String>())
}

/// For an account that Graph creates (docs/graph.md#licenses-and-readiness).
pub(super) fn mailbox_not_by_creation() -> Remark {
    Remark::new(
        RemarkCode::MailboxNotByCreation,
        "Microsoft says that creating the account through Graph does not provision a mailbox or Teams by itself. \
         A license brings both as a rule: wait for them to be sure.",
    )
}

/// For a service that was waited for (docs/graph.md#shown-by-no-call).
pub(super) fn shown_by_no_call() -> Remark {
    Remark::new(
        RemarkCode::ShownByNoCall,
        "No call shows when the rest knows the agent user: the address list usually within 24 hours, the organization \
         chart and people search within 24 to 48 hours.",
    )
}
