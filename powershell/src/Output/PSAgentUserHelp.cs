namespace AgentUsers.PowerShell;

/// <summary>The meaning of a code: of a problem, a rule that input breaks, a remark, or a rule of the audit.</summary>
public sealed class PSAgentUserHelp
{
    /// <summary>Makes one without anything, for scripts and their tests.</summary>
    public PSAgentUserHelp()
    {
    }

    internal PSAgentUserHelp(CodeExplanation explained)
    {
        Code = explained.Code;
        Kind = explained.Kind?.ToString();
        Message = Words.Of(explained.Message);
        Cause = Words.OfAny(explained.Cause);
        Fix = Words.OfAny(explained.Fix);
        Field = explained.Field;
        Permissions = new(explained.Permissions);
        StandsFor = new(explained.StandsFor);
        IsTransient = explained.IsTransient;
        Evidence = explained.Evidence;
        Documentation = explained.Documentation;
    }

    /// <summary>The code.</summary>
    public string Code { get; set; } = "";

    /// <summary>The kind of the problem, such as <c>NotFound</c>; null for a remark.</summary>
    public string? Kind { get; set; }

    /// <summary>Its meaning.</summary>
    public string Message { get; set; } = "";

    /// <summary>The usual cause; null for a remark.</summary>
    public string? Cause { get; set; }

    /// <summary>The usual fix; null for a remark.</summary>
    public string? Fix { get; set; }

    /// <summary>The field that it is about, where it is always the same.</summary>
    public string? Field { get; set; }

    /// <summary>The permissions that would allow it, where they do not depend on the call; least privileged first.</summary>
    public JoinedList<string> Permissions { get; set; } = JoinedList<string>.Empty;

    /// <summary>The codes of Graph and of Entra's sign-in that it stands for.</summary>
    public JoinedList<string> StandsFor { get; set; } = JoinedList<string>.Empty;

    /// <summary>Whether the same request may succeed later without a change.</summary>
    public bool IsTransient { get; set; }

    /// <summary>How well founded it is, where Microsoft does not document it.</summary>
    public string? Evidence { get; set; }

    /// <summary>Microsoft's page that explains it, where there is one.</summary>
    public string? Documentation { get; set; }

    /// <summary>Code, meaning, cause and fix.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => $"{Code}: {Message}{(Cause is null ? "" : $" {Cause}")}{(Fix is null ? "" : $" {Fix}")}";
}
