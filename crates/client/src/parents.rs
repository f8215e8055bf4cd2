//! The methods about agent identities.

use crate::client::{Client, Single};
use crate::run::Run;
use agentuser_core::ObjectId;
use agentuser_core::flow;
use agentuser_core::graph::IdentityQuery;
use agentuser_core::model::{DirectoryObject, ServicePrincipal};

impl Client {
    /// Lists agent identities, a page at a time; ends with their number.
    ///
    /// ```no_run
    /// # async fn example(client: agentuser::Client) -> Result<(), agentuser::Problem> {
    /// use agentuser::IdentityQuery;
    ///
    /// let query = IdentityQuery { without_agent_user: true, ..IdentityQuery::default() };
    /// let mut pages = client.list_identities(query);
    /// while let Some(page) = pages.next().await {
    ///     for identity in page {
    ///         println!("{:?}", identity.display_name());
    ///     }
    /// }
    /// println!("{} agent identities have no agent user", pages.await?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn list_identities(&self, query: IdentityQuery) -> Run<Vec<ServicePrincipal>, usize> {
        self.run(|graph, items| flow::list_identities(graph, query, items))
    }

    /// One agent identity.
    pub fn identity(&self, id: ObjectId) -> Single<ServicePrincipal> {
        self.single(move |graph| async move { flow::identity(&graph, id).await })
    }

    /// The sponsors of an agent identity: people and groups.
    pub fn identity_sponsors(&self, id: ObjectId) -> Single<Vec<DirectoryObject>> {
        self.single(move |graph| async move { flow::list_identity_sponsors(&graph, id).await })
    }

    /// The owners of an agent identity: people and service principals.
    pub fn identity_owners(&self, id: ObjectId) -> Single<Vec<DirectoryObject>> {
        self.single(move |graph| async move { flow::list_identity_owners(&graph, id).await })
    }
}
