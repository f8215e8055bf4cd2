//! The methods about permissions of agents.

use crate::client::{Client, Single};
use agentuser_core::ObjectId;
use agentuser_core::flow::{
    self, Access, Diagnosis, DoctorRequest, PermissionReport, Permissions, TokenPermission,
};
use agentuser_core::graph::InheritanceChange;
use agentuser_core::model::{Consent, PermissionHolder, PermissionName, UserRef};

impl Client {
    /// Finds the operations that will fail, from the token of this client and Graph's answers to reads that
    /// change nothing. With `probe`, it answers instead the questions about Graph that Microsoft's pages
    /// leave open.
    ///
    /// ```no_run
    /// # async fn example(client: agentuser::Client) -> Result<(), agentuser::Problem> {
    /// let diagnosis = client.doctor(agentuser::DoctorRequest::default()).await?;
    /// for one in &diagnosis.operations {
    ///     println!("{}: {:?} {:?}", one.operation, one.verdict, one.fix);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn doctor(&self, request: DoctorRequest) -> Single<Diagnosis> {
        self.single(move |graph| async move { flow::doctor(&graph, request).await })
    }

    /// The permissions of an agent user, an agent identity or a blueprint's principal: delegated permission grants, app
    /// roles, and what a blueprint lets its agent identities inherit.
    pub fn permissions(&self, of: PermissionHolder) -> Single<Permissions> {
        self.single(move |graph| async move { flow::list_permissions(&graph, &of).await })
    }

    /// The access of an agent user: groups, directory roles, delegated permissions, app roles, and
    /// permissions that it inherits from its blueprint, each with its source. A part that may not be read
    /// says why.
    pub fn access(&self, user: UserRef) -> Single<Access> {
        self.single(move |graph| async move { flow::read_access(&graph, &user).await })
    }

    /// Grants delegated permissions of a resource, such as [`agentuser_core::model::GRAPH_APP_ID`], for one user or for all.
    /// Those that are granted already stay.
    ///
    /// ```no_run
    /// # async fn example(client: agentuser::Client) -> Result<(), agentuser::Problem> {
    /// use agentuser::{Consent, GRAPH_APP_ID};
    ///
    /// let consent = Consent::AgentUser("ada@contoso.com".parse()?);
    /// let scopes = vec!["User.Read".parse()?, "Mail.Send".parse()?];
    /// let report = client.grant_permission(consent, GRAPH_APP_ID, scopes, false).await?;
    /// println!("{:?}", report.changes);
    /// # Ok(())
    /// # }
    /// ```
    pub fn grant_permission(
        &self,
        consent: Consent,
        resource_app_id: ObjectId,
        scopes: Vec<PermissionName>,
        dry_run: bool,
    ) -> Single<PermissionReport> {
        self.single(move |graph| async move {
            flow::grant_permission(&graph, &consent, resource_app_id, &scopes, dry_run).await
        })
    }

    /// Revokes delegated permissions. Others of the same grant stay.
    pub fn revoke_permission(
        &self,
        consent: Consent,
        resource_app_id: ObjectId,
        scopes: Vec<PermissionName>,
        dry_run: bool,
    ) -> Single<PermissionReport> {
        self.single(move |graph| async move {
            flow::revoke_permission(&graph, &consent, resource_app_id, &scopes, dry_run).await
        })
    }

    /// Assigns an app role of a resource to an agent user, an agent identity or a blueprint's principal.
    pub fn assign_app_role(
        &self,
        to: PermissionHolder,
        resource_app_id: ObjectId,
        app_role: PermissionName,
        dry_run: bool,
    ) -> Single<PermissionReport> {
        self.single(move |graph| async move {
            flow::assign_app_role(&graph, &to, resource_app_id, &app_role, dry_run).await
        })
    }

    /// Takes an app role away.
    pub fn remove_app_role(
        &self,
        of: PermissionHolder,
        resource_app_id: ObjectId,
        app_role: PermissionName,
        dry_run: bool,
    ) -> Single<PermissionReport> {
        self.single(move |graph| async move {
            flow::remove_app_role(&graph, &of, resource_app_id, &app_role, dry_run).await
        })
    }

    /// Lets a blueprint create agent users for its agent identities. It is named by its application id, or by the object id of
    /// its application or of its principal. The permission is in tokens that the blueprint gets afterwards: a client that
    /// signs in as the blueprint waits for it by [`Client::wait_permission`].
    pub fn allow_creation(&self, blueprint: ObjectId, dry_run: bool) -> Single<PermissionReport> {
        self.single(move |graph| async move { flow::allow_creation(&graph, blueprint, dry_run).await })
    }

    /// Sets what the agent identities of a blueprint inherit of a resource's permissions.
    ///
    /// ```no_run
    /// # async fn example(client: agentuser::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use agentuser::{GRAPH_APP_ID, Inheritance, InheritanceChange};
    ///
    /// let wanted = InheritanceChange { scopes: Some(Inheritance::AllAllowed), roles: None };
    /// let blueprint = "b1a00000-0000-4000-8000-000000000001".parse()?;
    /// let report = client.inherit_permissions(blueprint, GRAPH_APP_ID, wanted, false).await?;
    /// println!("{:?}", report.remarks);
    /// # Ok(())
    /// # }
    /// ```
    pub fn inherit_permissions(
        &self,
        blueprint: ObjectId,
        resource_app_id: ObjectId,
        wanted: InheritanceChange,
        dry_run: bool,
    ) -> Single<PermissionReport> {
        self.single(move |graph| async move {
            flow::inherit_permissions(&graph, blueprint, resource_app_id, wanted, dry_run).await
        })
    }

    /// Waits until the token of this client carries a permission, and gets new tokens for that.
    pub fn wait_permission(&self, permission: PermissionName) -> Single<TokenPermission> {
        self.single(move |graph| async move { flow::wait_permission(&graph, &permission).await })
    }
}
