//! A part of a roster that is worked on by itself.

use crate::ObjectId;
use crate::hash::{mix, text_key};
use crate::validate::{RuleCode, Violation};
use std::fmt;
use std::str::FromStr;

/// The i-th of n parts of a roster, counted from 1.
///
/// Which part a row belongs to depends on its parent's id alone, the same in every version and on every machine, so
/// that n workers share a roster without knowing of each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    index: u32,
    of: u32,
}

impl Shard {
    /// The part with that number, of so many.
    ///
    /// # Errors
    /// Unless the number is between 1 and `of`.
    pub fn new(index: u32, of: u32) -> Result<Self, Violation> {
        if (1..=of).contains(&index) {
            Ok(Self { index, of })
        } else {
            Err(invalid(&format!("{index}/{of}")))
        }
    }

    /// How many parts there are.
    #[must_use]
    pub const fn of(self) -> u32 {
        self.of
    }

    /// Whether a row with that parent belongs to it.
    #[must_use]
    pub fn holds(self, parent: ObjectId) -> bool {
        let place = mix(&[text_key(&parent.to_string())]) % u64::from(self.of.max(1));
        place + 1 == u64::from(self.index)
    }
}

impl FromStr for Shard {
    type Err = Violation;

    fn from_str(text: &str) -> Result<Self, Violation> {
        let (index, of) = text.split_once('/').ok_or_else(|| invalid(text))?;
        let number = |text: &str| text.trim().parse().map_err(|_| invalid(text));
        Self::new(number(index)?, number(of)?)
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.of)
    }
}

fn invalid(text: &str) -> Violation {
    let message = format!("{text:?} is not a part of a roster.");
    Violation::new(
        RuleCode::NotAShard,
        "shard",
        message,
        "Write it as i/n, the i-th of n parts, such as 1/4.".to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_parent_is_in_one_part_and_stays_there() {
        let parent = |n: u32| format!("00000000-0000-4000-8000-{n:012}").parse::<ObjectId>().unwrap();
        let mut sizes = [0; 4];
        for n in 0..4_000 {
            let in_them: Vec<usize> = (1..=4)
                .filter(|i| Shard::new(*i, 4).unwrap().holds(parent(n)))
                .map(|i| i as usize - 1)
                .collect();
            let [one] = in_them[..] else { panic!("{n}: {in_them:?}") };
            sizes[one] += 1;
        }
        assert!(sizes.iter().all(|size| (900..1_100).contains(size)), "{sizes:?}");
        // Other versions and machines agree.
        let held: Vec<u32> = (0..12).filter(|n| Shard::new(1, 4).unwrap().holds(parent(*n))).collect();
        assert_eq!(held, [0, 3, 9]);
    }

    #[test]
    fn it_is_written_as_a_fraction() {
        assert_eq!(" 2 / 3".parse::<Shard>().unwrap().to_string(), "2/3");
        for wrong in ["", "1", "0/3", "4/3", "a/b", "1/0", "-1/2"] {
            assert_eq!(wrong.parse::<Shard>().unwrap_err().code, RuleCode::NotAShard, "{wrong}");
        }
    }
}
