//! Collecting without sorting.

/// What `collect` does, entry by entry.
///
/// The standard library collects ordered maps and sets by sorting first: a body of code of 4 KB for each type, which is
/// much for a browser to load, and no faster for the few entries there are here.
pub(crate) fn gather<C: Default + Extend<E>, E>(entries: impl IntoIterator<Item = E>) -> C {
    let mut collection = C::default();
    collection.extend(entries);
    collection
}
