//! Groups of agent users.

use crate::client::{Client, Single};
use agentuser_core::flow::{self, Report};
use agentuser_core::model::{Group, GroupRef, UserRef};

impl Client {
    /// The groups that an agent user is a direct member of.
    pub fn groups(&self, user: impl Into<UserRef>) -> Single<Vec<Group>> {
        let user = user.into();
        self.single(move |graph| async move { flow::list_groups(&graph, &user).await })
    }

    /// Adds an agent user to a group.
    ///
    /// ```no_run
    /// # async fn example(client: agentuser::Client) -> Result<(), agentuser::Problem> {
    /// let group = "Sales Agents".parse()?;
    /// client.add_to_group("ada@contoso.com".parse::<agentuser::UserRef>()?, group, false).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn add_to_group(&self, user: impl Into<UserRef>, group: GroupRef, dry_run: bool) -> Single<Report> {
        let user = user.into();
        self.single(move |graph| async move { flow::add_to_group(&graph, &user, &group, dry_run).await })
    }

    /// Removes an agent user from a group.
    pub fn remove_from_group(
        &self,
        user: impl Into<UserRef>,
        group: GroupRef,
        dry_run: bool,
    ) -> Single<Report> {
        let user = user.into();
        self.single(move |graph| async move { flow::remove_from_group(&graph, &user, &group, dry_run).await })
    }
}
