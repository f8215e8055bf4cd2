using System;
using System.Linq;
using System.Text.RegularExpressions;

namespace AgentUsers.PowerShell;

/// <summary>
/// The names of the simulator's options, which match without case, as the keys of a hashtable do. The simulator tells them where it refuses
/// one, so that there is no second list of them.
/// </summary>
internal static class OptionNames
{
    private static readonly Regex s_refusal = new(@"(?<path>[^\s:]+): unknown field `(?<given>[^`]+)`, expected (?<names>.+)");

    /// <summary>The options with the name that was refused as the simulator spells it; null where it has no such name in any case.</summary>
    /// <param name="options">The options.</param>
    /// <param name="fault">The simulator's message.</param>
    internal static JsonValue? Spelled(JsonValue options, string fault)
    {
        Match refusal = s_refusal.Match(fault);
        string given = refusal.Groups["given"].Value;
        string? name = Regex.Matches(refusal.Groups["names"].Value, "(?<=`)[^`, ]+(?=`)").Cast<Match>()
            .Select(one => one.Value).FirstOrDefault(one => one.Equals(given, StringComparison.OrdinalIgnoreCase));
        // Without the numbers of lists: the others of a list have the same names.
        string[] path = Regex.Replace(refusal.Groups["path"].Value, @"\[\d+\]", "").Split('.');
        if (name is null || path[path.Length - 1] != given)
            return null;
        JsonValue spelled = Renamed(options, path, 0, name);
        return spelled.Equals(options) ? null : spelled;
    }

    private static JsonValue Renamed(JsonValue value, string[] path, int depth, string name) => value.Kind switch
    {
        JsonKind.Array => JsonValue.Array(value.Items.Select(item => Renamed(item, path, depth, name))),
        JsonKind.Object => JsonValue.Object(value.Members.Select(member => member.Key != path[depth]
            ? member
            : depth == path.Length - 1 ? new(name, member.Value) : new(member.Key, Renamed(member.Value, path, depth + 1, name)))),
        _ => value,
    };
}
