//! The methods about agent identities and blueprints.

use crate::client::{Client, Single};
use crate::run::Run;
use agentuser_core::ObjectId;
use agentuser_core::flow::{self, BlueprintChain, Lifecycle, Report};
use agentuser_core::graph::IdentityQuery;
use agentuser_core::model::{Blueprint, DirectoryObject, ServicePrincipal};

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

    /// The blueprints of the tenant, or those whose display name begins so.
    pub fn list_blueprints(&self, display_name_starts_with: Option<String>) -> Single<Vec<Blueprint>> {
        self.single(move |graph| async move {
            flow::list_blueprints(&graph, display_name_starts_with.as_deref()).await
        })
    }

    /// One blueprint, by its application id, or by the object id of its application or of its principal.
    pub fn blueprint(&self, id: ObjectId) -> Single<Blueprint> {
        self.single(move |graph| async move { flow::read_blueprint(&graph, id).await })
    }

    /// The chain from a blueprint to its principal, its agent identities and their agent users, with what is missing, disabled,
    /// in the recycle bin or not to be read.
    ///
    /// ```no_run
    /// # async fn example(client: agentuser::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let chain = client.verify_blueprint("b1a00000-0000-4000-8000-000000000001".parse()?).await?;
    /// for remark in &chain.remarks {
    ///     println!("{remark}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn verify_blueprint(&self, id: ObjectId) -> Single<BlueprintChain> {
        self.single(move |graph| async move { flow::verify_blueprint(&graph, id).await })
    }

    /// The next action of Microsoft's lifecycle policies on an agent identity, its date, and whether attesting helps.
    pub fn lifecycle(&self, id: ObjectId) -> Single<Lifecycle> {
        self.single(move |graph| async move { flow::lifecycle(&graph, id).await })
    }

    /// Attests an agent identity, as Microsoft's lifecycle policies ask from time to time.
    ///
    /// ```no_run
    /// # async fn example(client: agentuser::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let identity = "a1d00000-0000-4000-8000-000000000001".parse()?;
    /// if client.lifecycle(identity).await?.next_action.is_some() {
    ///     client.attest(identity, false).await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn attest(&self, id: ObjectId, dry_run: bool) -> Single<Report> {
        self.single(move |graph| async move { flow::attest(&graph, id, dry_run).await })
    }
}
