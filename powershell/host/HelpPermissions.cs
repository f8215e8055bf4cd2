using System.Management.Automation;

namespace AgentUsers.PowerShell.Host;

/// <summary>The permissions of a cmdlet in sentences, from the table of the library.</summary>
internal sealed class HelpPermissions
{
    /// <summary>More conditions than these are left to Get-AgentUserPermission, because the help would be longer than a screen.</summary>
    private const int MostConditions = 8;

    private readonly string _cmdlet;
    private readonly Need[] _needs;

    private HelpPermissions(string cmdlet, Need[] needs)
    {
        _cmdlet = cmdlet;
        _needs = needs;
    }

    /// <summary>The permissions that are needed always, in one sentence; null where there are none.</summary>
    internal string? Least
    {
        get
        {
            string[] application = Named("Application", "Permission"), person = Named("Delegated", "Permission"), roles = Named("Delegated", "Role");
            if (application.Length == 0)
                return null;
            string all = $"Least permission{(application.Length == 1 ? "" : "s")}: {string.Join(", ", application)}";
            string ofPerson = string.Join(", ", person.SequenceEqual(application) ? [] : person);
            string role = roles.Length == 0 ? "" : $"the role{(roles.Length == 1 ? "" : "s")} {string.Join(" and ", roles)}";
            return (ofPerson, role) switch
            {
                ("", "") => $"{all}.",
                ("", _) => $"{all}; of a person {role}, too.",
                (_, "") => $"{all}; of a person {ofPerson}.",
                _ => $"{all}; of a person {ofPerson} and {role}.",
            };
        }
    }

    /// <summary>The permissions of blueprints, and those that are needed under a condition, in sentences.</summary>
    internal IEnumerable<string> More
    {
        get
        {
            string[] application = Named("Application", "Permission"), blueprint = Named("Blueprint", "Permission");
            if (!blueprint.SequenceEqual(application))
                yield return $"A blueprint that works on the agent users of its own agent identities needs {string.Join(", ", blueprint)}.";
            IGrouping<string, Need>[] conditions =
                [.. _needs.Where(need => need.Caller is "Application" or "Delegated" && need.Degree == "Sometimes").GroupBy(need => need.When)];
            if (conditions.Length <= MostConditions)
            {
                foreach (IGrouping<string, Need> condition in conditions)
                {
                    string ofApplication = Listed(condition, "Application"), ofPerson = Listed(condition, "Delegated");
                    yield return ofApplication == ofPerson ? $"An application or a person needs {ofPerson} {condition.Key}."
                        : ofApplication.Length == 0 ? $"A person needs {ofPerson} {condition.Key}."
                        : ofPerson.Length == 0 ? $"An application needs {ofApplication} {condition.Key}."
                        : $"An application needs {ofApplication} {condition.Key}, and a person {ofPerson}.";
                }
            }
            yield return _needs.Any(need => need.Degree == "Optional") || conditions.Length > MostConditions
                ? $"Get-AgentUserPermission {_cmdlet} lists the permissions of every caller, when they are needed, and what is missing without the optional ones."
                : $"Get-AgentUserPermission {_cmdlet} lists the permissions of every caller.";
        }
    }

    /// <summary>The permissions of each cmdlet that has any.</summary>
    internal static Dictionary<string, HelpPermissions> Read(System.Management.Automation.PowerShell shell, IEnumerable<CmdletInfo> cmdlets)
    {
        var all = new Dictionary<string, HelpPermissions>();
        foreach (CmdletInfo cmdlet in cmdlets)
        {
            shell.Commands.Clear();
            shell.AddScript("try { Get-AgentUserPermission -Cmdlet $args[0] } catch { if ($_.FullyQualifiedErrorId -notlike 'NoPermissionsNeeded,*') { throw } }").AddArgument(cmdlet.Name);
            Need[] needs = [.. shell.Invoke().Select(row => new Need(
                Text(row, "Caller"), Text(row, "Need"), Text(row, "Kind") == "Role", Text(row, "Permission"), Text(row, "When")))];
            if (needs.Length > 0)
                all[cmdlet.Name] = new HelpPermissions(cmdlet.Name, needs);
        }
        return all;
    }

    private string[] Named(string caller, string what) =>
        [.. _needs.Where(need => need.Caller == caller && need.Degree == "Always" && need.IsRole == (what == "Role")).Select(need => need.Name)];

    /// <summary>The permissions and roles of a kind of caller, in words; empty if it needs none.</summary>
    private static string Listed(IEnumerable<Need> needs, string caller)
    {
        string roles = string.Join(" and ", needs.Where(need => need.Caller == caller && need.IsRole).Select(need => need.Name));
        string permissions = string.Join(", ", needs.Where(need => need.Caller == caller && !need.IsRole).Select(need => need.Name));
        return roles.Length == 0 ? permissions : permissions.Length == 0 ? $"the role {roles}" : $"{permissions}, and the role {roles}";
    }

    private static string Text(PSObject row, string property) => row.Properties[property].Value?.ToString() ?? "";

    /// <summary>A permission or role of one kind of caller: its degree is Always, Sometimes or Optional.</summary>
    private sealed record Need(string Caller, string Degree, bool IsRole, string Name, string When);
}
