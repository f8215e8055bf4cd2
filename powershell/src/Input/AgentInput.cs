using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>The agents that a cmdlet about permissions was given: agent identities, agent users and blueprints.</summary>
internal static class AgentInput
{
    /// <summary>The agents that are not patterns; each pattern is an error. Without an agent the cmdlet ends.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="ids">Those of -Id.</param>
    /// <param name="users">Those of -User.</param>
    /// <param name="blueprints">Those of -Blueprint.</param>
    internal static IEnumerable<NamedAgent> Of(PSCmdlet cmdlet, object[]? ids, string[]? users, string[]? blueprints)
    {
        NamedAgent[] agents =
        [
            .. (ids ?? []).Cast<NamedAgent>(), .. Given(users).Select(user => new NamedAgent(user, null, null)),
            .. Given(blueprints).Select(blueprint => new NamedAgent(null, null, blueprint)),
        ];
        if (agents.Length == 0)
        {
            cmdlet.ThrowTerminatingError(Failure.Record(
                "AgentMissing", ErrorCategory.InvalidArgument, null, "No agent is named.",
                "Name an agent identity or an agent user by -Id, an agent user also by -User, a blueprint by -Blueprint; or pipe objects of Get-AgentIdentity, Get-AgentUser or Get-AgentIdentityBlueprint."));
        }
        return agents.Where(agent => !UserInput.IsPattern(cmdlet, agent.ToString(), agent.User is null
            ? $"Get-AgentIdentity{(agent.Blueprint is null ? "" : "Blueprint")} -DisplayName '{agent}'"
            : $"Get-AgentUser '{agent}'"));
    }

    /// <summary>The sentence for an agent identity that was not found, because a text that is not a user principal name stands for one; null for other problems.</summary>
    internal static string? MoreOf(Problem problem) =>
        problem.Code == ProblemCodes.ParentNotFound ? "If it is the id of an agent user, give it by -User." : null;

    /// <summary>The names that are not empty, as the cells of a file may be.</summary>
    internal static string[] Given(string[]? names) => [.. (names ?? []).Where(name => !string.IsNullOrEmpty(name))];
}
