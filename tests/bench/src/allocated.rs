//! The allocations of an operation's own calls.

use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use std::alloc::System;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// The allocations of the operation's own calls.
#[derive(Default)]
pub(crate) struct Allocated {
    pub(crate) bytes: usize,
    pub(crate) times: usize,
    held: isize,
    /// The most that was held at a time.
    pub(crate) most: isize,
}

impl Allocated {
    pub(crate) fn during<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let region = Region::new(ALLOCATOR);
        let value = work();
        let change = region.change();
        self.times += change.allocations + change.reallocations;
        self.bytes += change.bytes_allocated;
        self.held = self.held.saturating_add_unsigned(change.bytes_allocated);
        self.held = self.held.saturating_sub_unsigned(change.bytes_deallocated);
        self.most = self.most.max(self.held);
        value
    }
}
