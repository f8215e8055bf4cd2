using System.Collections.Generic;

namespace AgentUsers.PowerShell;

/// <summary>One thing that Test-AgentUserConnection looked at.</summary>
public sealed class PSAgentUserConnectionTest
{
    /// <summary>Makes one without anything, for scripts and their tests.</summary>
    public PSAgentUserConnectionTest()
    {
    }

    internal PSAgentUserConnectionTest(string test, string name, string verdict, string? details, IEnumerable<string> missing, string? fix)
    {
        Test = test;
        Name = name;
        Verdict = verdict;
        Details = details;
        MissingPermissions = new(missing);
        Fix = fix;
    }

    /// <summary><c>Token</c>, <c>Operation</c> or <c>Read</c>.</summary>
    public string Test { get; set; } = "";

    /// <summary>The operation or the request; of a token, what stands against using it.</summary>
    public string Name { get; set; } = "";

    /// <summary><c>Allowed</c>, <c>Lacking</c>, <c>Unknown</c>; of reads <c>Answered</c>, <c>Refused</c>, <c>Unanswered</c>; of a token <c>Readable</c>, <c>Unknown</c> or <c>Remark</c>.</summary>
    public string Verdict { get; set; } = "";

    /// <summary>The reason, in full sentences.</summary>
    public string? Details { get; set; }

    /// <summary>The permissions that are missing, the least that would do.</summary>
    public JoinedList<string> MissingPermissions { get; set; } = JoinedList<string>.Empty;

    /// <summary>The fix.</summary>
    public string? Fix { get; set; }

    /// <summary>The name and the verdict.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => $"{Name}: {Verdict}";
}
