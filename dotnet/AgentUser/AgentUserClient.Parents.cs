using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace AgentUsers;

/// <content>The methods about agent identities and blueprints.</content>
public partial class AgentUserClient
{
    /// <summary>Lists agent identities, page by page.</summary>
    /// <param name="query">The conditions; null lists all.</param>
    /// <param name="cancellationToken">Cancels the list.</param>
    /// <returns>The pages. Dispose of them.</returns>
    public virtual AgentIdentityPages ListIdentities(AgentIdentityListQuery? query = null, CancellationToken cancellationToken = default) =>
        new(() => AsyncCall.Start(this, Identities(query), input: null, progress: null, onReport: null), cancellationToken);

    /// <summary>Reads an agent identity.</summary>
    /// <param name="agentIdentityId">Its object id.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The agent identity.</returns>
    /// <exception cref="AgentUserException">The id is not an agent identity's; the problem says what it is.</exception>
    public virtual async Task<AgentIdentity> GetIdentityAsync(Guid agentIdentityId, CancellationToken cancellationToken = default) =>
        new(await AskAsync(Operations.Identity(agentIdentityId.ToString()), cancellationToken).ConfigureAwait(false));

    /// <summary>Reads the sponsors of an agent identity.</summary>
    /// <param name="agentIdentityId">Its object id.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>People and groups.</returns>
    public virtual async Task<IReadOnlyList<DirectoryObject>> GetIdentitySponsorsAsync(Guid agentIdentityId, CancellationToken cancellationToken = default) =>
        Objects(await AskAsync(Operations.IdentitySponsors(agentIdentityId.ToString()), cancellationToken).ConfigureAwait(false));

    /// <summary>Reads the owners of an agent identity.</summary>
    /// <param name="agentIdentityId">Its object id.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>People and service principals.</returns>
    public virtual async Task<IReadOnlyList<DirectoryObject>> GetIdentityOwnersAsync(Guid agentIdentityId, CancellationToken cancellationToken = default) =>
        Objects(await AskAsync(Operations.IdentityOwners(agentIdentityId.ToString()), cancellationToken).ConfigureAwait(false));

    /// <summary>Reads the next action of Microsoft's lifecycle policies on an agent identity, with its date, and whether attesting helps.</summary>
    /// <param name="agentIdentityId">Its object id.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The next action, and the policies behind it.</returns>
    public virtual async Task<AgentLifecycle> GetLifecycleAsync(Guid agentIdentityId, CancellationToken cancellationToken = default) =>
        new(await AskAsync(Operations.Lifecycle(agentIdentityId.ToString()), cancellationToken).ConfigureAwait(false));

    /// <summary>Attests an agent identity, as Microsoft's lifecycle policies ask from time to time.</summary>
    /// <param name="agentIdentityId">Its object id.</param>
    /// <param name="dryRun">True plans the attestation and does not make it.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The outcome.</returns>
    public virtual Task<ProvisionReport> AttestAsync(Guid agentIdentityId, bool dryRun = false, CancellationToken cancellationToken = default) =>
        ReportAsync(Operations.Attest(agentIdentityId.ToString(), dryRun), cancellationToken);

    /// <summary>Lists the blueprints of the tenant, at most 10,000.</summary>
    /// <param name="displayNameStartsWith">The beginning of the display name; null lists all.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The blueprints.</returns>
    public virtual async Task<IReadOnlyList<AgentBlueprint>> GetBlueprintsAsync(
        string? displayNameStartsWith = null, CancellationToken cancellationToken = default)
    {
        JsonValue found = await AskAsync(Operations.ListBlueprints(displayNameStartsWith), cancellationToken).ConfigureAwait(false);
        return [.. found.Items.Select(one => new AgentBlueprint(one))];
    }

    /// <summary>Reads a blueprint.</summary>
    /// <param name="blueprint">Its application id, or the object id of its application or of its principal.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The blueprint.</returns>
    /// <exception cref="AgentUserException">There is no such blueprint (<c>BlueprintNotFound</c>), or the id is another object's (<c>NotABlueprint</c>).</exception>
    public virtual async Task<AgentBlueprint> GetBlueprintAsync(Guid blueprint, CancellationToken cancellationToken = default) =>
        new(await AskAsync(Operations.Blueprint(blueprint.ToString()), cancellationToken).ConfigureAwait(false));

    /// <summary>Verifies the chain from a blueprint to its principal, its agent identities and their agent users.</summary>
    /// <param name="blueprint">Its application id, or the object id of its application or of its principal.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The chain, with what is missing, disabled, in the recycle bin or not to be read.</returns>
    public virtual async Task<BlueprintChain> VerifyBlueprintAsync(Guid blueprint, CancellationToken cancellationToken = default) =>
        new(await AskAsync(Operations.VerifyBlueprint(blueprint.ToString()), cancellationToken).ConfigureAwait(false));

    private static JsonValue Identities(AgentIdentityListQuery? query) => Operations.ListIdentities(
        query?.AccountEnabled, query?.Blueprint?.ToString(), query?.DisplayNameStartsWith, query?.PageSize, query?.WithoutAgentUser);

    private static IReadOnlyList<DirectoryObject> Objects(JsonValue found) => [.. found.Items.Select(one => new DirectoryObject(one))];
}
