using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace AgentUsers;

/// <content>The methods about what others need.</content>
public partial class AgentUserClient
{
    /// <summary>Tells which permissions and roles operations need. Nothing is sent, and no token is asked for.</summary>
    /// <param name="operations">Operations by their names in docs/permissions.md, such as <c>create</c>.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The permissions and roles.</returns>
    /// <exception cref="AgentUserException">There is no such operation.</exception>
    public virtual async Task<RequiredPermissions> GetRequiredPermissionsAsync(
        IReadOnlyList<string> operations, CancellationToken cancellationToken = default) =>
        new(await AskAsync(Operations.RequiredPermissions(operations: operations), cancellationToken).ConfigureAwait(false));

    /// <summary>Tells which permissions and roles a roster needs. Nothing is sent, and no token is asked for.</summary>
    /// <param name="roster">The roster, whose rows say what is needed.</param>
    /// <param name="domain">The domain of user principal names that are derived from display names, for rows that have none.</param>
    /// <param name="readiness">The services that every row waits for.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The permissions and roles.</returns>
    /// <exception cref="AgentUserException">The roster has errors.</exception>
    public virtual async Task<RequiredPermissions> GetRequiredPermissionsAsync(
        AgentUserRoster roster, string? domain = null, Readiness readiness = Readiness.None, CancellationToken cancellationToken = default)
    {
        if (roster is null)
            throw new ArgumentNullException(nameof(roster));
        JsonValue operation = Operations.RequiredPermissions(domain, readiness: readiness);
        byte[] content = await roster.ReadAsync(null, cancellationToken).ConfigureAwait(false);
        return new((await RunAsync(operation, cancellationToken, content).ConfigureAwait(false)).Result);
    }

    /// <summary>
    /// Reads the token for a diagnosis, tries reads that change nothing, and says which operations will fail and how to get what they
    /// need.
    /// </summary>
    /// <param name="operations">The operations to look at, by their names in docs/permissions.md; null looks at all.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The diagnosis.</returns>
    public virtual async Task<Diagnosis> DiagnoseAsync(
        IReadOnlyList<string>? operations = null, CancellationToken cancellationToken = default) =>
        new(await AskAsync(Operations.Doctor(operations: operations), cancellationToken).ConfigureAwait(false));

    /// <summary>Asks Graph what no page of Microsoft answers. The report has no ids and no names, so that it can be sent to others.</summary>
    /// <param name="parent">
    /// An agent identity without an agent user, to ask also what needs one: it is made, changed, deleted, restored, and deleted for
    /// ever; null asks by reads alone.
    /// </param>
    /// <param name="cancellationToken">Cancels the call, after what was made is deleted.</param>
    /// <returns>The report as JSON.</returns>
    public virtual async Task<string> ProbeAsync(Guid? parent = null, CancellationToken cancellationToken = default)
    {
        JsonValue operation = Operations.Doctor(probe: true, probeWrites: parent?.ToString());
        JsonValue found = await AskAsync(operation, cancellationToken).ConfigureAwait(false);
        return (found["probe"] ?? JsonValue.Null).ToString();
    }
}
