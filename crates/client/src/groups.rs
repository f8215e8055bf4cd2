//! Groups of agent users, and users and groups to choose from.

use crate::client::{Client, Single};
use agentuser_core::flow::{self, Report};
use agentuser_core::model::{DirectoryObject, Group, GroupRef, UserRef};

impl Client {
    /// Users of any kind, or those whose user principal name or display name begins so, at most 100. Each has its type, by which
    /// people and agent users are told apart.
    pub fn find_users(&self, name_starts_with: Option<String>) -> Single<Vec<DirectoryObject>> {
        self.single(move |graph| async move { flow::find_users(&graph, name_starts_with.as_deref()).await })
    }

    /// Groups, or those whose display name begins so, at most 100.
    pub fn find_groups(&self, display_name_starts_with: Option<String>) -> Single<Vec<Group>> {
        self.single(move |graph| async move {
            flow::find_groups(&graph, display_name_starts_with.as_deref()).await
        })
    }

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
