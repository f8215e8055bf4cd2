//! Short lists in order. Each type that the standard library sorts is 3 KB more of what browsers load.

/// Sorts a list of at most some hundred entries; equal ones stay in their order.
pub(crate) fn sort<T>(list: &mut [T], is_before: impl Fn(&T, &T) -> bool) {
    for end in 1..list.len() {
        let mut at = end;
        while let Some(pair) = at.checked_sub(1).and_then(|left| list.get_mut(left..=at)) {
            let [left, right] = pair else { break };
            if !is_before(right, left) {
                break;
            }
            std::mem::swap(left, right);
            at -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::sort;

    #[test]
    fn equal_entries_stay_in_their_order() {
        for seed in 0..200_u64 {
            let entry = |place: u64| (crate::hash::mix(&[seed, place]) % 7, place);
            let mut list: Vec<_> = (0..seed % 12).map(entry).collect();
            let mut expected = list.clone();
            sort(&mut list, |a, b| a.0 < b.0);
            expected.sort_by_key(|entry| entry.0);
            assert_eq!(list, expected);
        }
    }
}
