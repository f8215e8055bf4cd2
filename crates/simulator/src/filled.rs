//! Maps and sets in order, filled one by one: where `collect` fills them, it sorts first, by 4 KB of code for each kind.

/// A map or a set with these.
pub(crate) fn filled<C: Default + Extend<T>, T>(items: impl IntoIterator<Item = T>) -> C {
    let mut all = C::default();
    items.into_iter().for_each(|item| all.extend([item]));
    all
}

/// The same, unless one of them can't be had.
pub(crate) fn try_filled<C: Default + Extend<T>, T, E>(
    items: impl IntoIterator<Item = Result<T, E>>,
) -> Result<C, E> {
    let mut all = C::default();
    items.into_iter().try_for_each(|item| item.map(|item| all.extend([item])))?;
    Ok(all)
}
