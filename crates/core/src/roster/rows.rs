//! A roster that is right.

use super::shard::Shard;
use crate::model::DesiredUser;
use crate::problem::{Code, Problem};
use crate::remark::Remark;
use crate::validate::Upn;
use std::collections::BTreeSet;

/// One row: an agent user as it shall be.
#[derive(Debug, Clone)]
pub struct Row {
    pub(super) number: usize,
    pub(super) wanted: DesiredUser,
}

impl Row {
    /// Its number, as in [`crate::validate::RowError::row`].
    #[must_use]
    pub fn number(&self) -> usize {
        self.number
    }

    /// The agent user that it declares.
    #[must_use]
    pub fn wanted(&self) -> &DesiredUser {
        &self.wanted
    }
}

/// The rows of a file, every one of them valid, no parent and no user principal name twice.
#[derive(Debug, Clone, Default)]
pub struct Roster {
    rows: Vec<Row>,
    shard: Option<Shard>,
    /// The user principal names that rows of other shards have.
    elsewhere: Vec<Upn>,
    remarks: Vec<Remark>,
}

impl Roster {
    pub(super) fn new(rows: Vec<Row>, remarks: Vec<Remark>) -> Self {
        Self { rows, remarks, ..Self::default() }
    }

    /// Remarks on the roster, such as how the file was read.
    #[must_use]
    pub fn remarks(&self) -> &[Remark] {
        &self.remarks
    }

    /// The same with these of its rows alone, by [`Row::number`]. The names that the others have stay theirs: what
    /// was derived does not change. A manager that is a row that is left out must exist.
    ///
    /// # Errors
    /// The numbers that no row has.
    pub fn only(mut self, numbers: &BTreeSet<usize>) -> Result<Self, Problem> {
        // They are in the order of their numbers.
        let is_strange = |number: &&usize| self.rows.binary_search_by_key(*number, Row::number).is_err();
        let strange: Vec<String> = numbers.iter().filter(is_strange).map(ToString::to_string).collect();
        if !strange.is_empty() {
            let message = format!("The roster has no agent user in row {}.", strange.join(", "));
            let fix = "Name rows as the plan numbers them: the header is row 1.";
            return Err(Problem::new(Code::Invalid, message).with_field("rows").with_fix(fix));
        }
        self.rows.retain(|row| numbers.contains(&row.number));
        Ok(self)
    }

    /// The same with the rows of one shard alone. A manager that is a row of another shard is waited for.
    #[must_use]
    pub fn shard(mut self, shard: Shard) -> Self {
        let (own, others): (Vec<Row>, Vec<Row>) =
            self.rows.into_iter().partition(|row| shard.holds(row.wanted.identity_parent_id()));
        self.elsewhere.extend(others.iter().map(|row| row.wanted.agent_user().user_principal_name().clone()));
        self.rows = own;
        self.shard = Some(shard);
        self
    }

    /// Which shard it is, of how many.
    pub(crate) fn part(&self) -> Option<Shard> {
        self.shard
    }

    /// The numbers and the agent users of its rows, which it does not have any more.
    pub(crate) fn take_rows(&mut self) -> impl Iterator<Item = (usize, DesiredUser)> {
        std::mem::take(&mut self.rows).into_iter().map(|row| (row.number, row.wanted))
    }

    pub(crate) fn elsewhere(&self) -> &[Upn] {
        &self.elsewhere
    }

    /// The rows, in the order of the file.
    #[must_use]
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }
}
