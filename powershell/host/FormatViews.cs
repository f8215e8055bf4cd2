namespace AgentUsers.PowerShell.Host;

internal enum FormatKind
{
    Table,
    List,
    Wide,
}

/// <summary>A column of a table, or a line of a list.</summary>
/// <param name="Label">The heading.</param>
/// <param name="Shown">The property, or an expression.</param>
/// <param name="Width">The width in a table; null for the last column, which has the rest.</param>
internal sealed record FormatColumn(string Label, string Shown, int? Width = null)
{
    /// <summary>Whether it is a number, at the right of its column.</summary>
    public bool IsNumber { get; init; }

    /// <summary>The colours of values, as the entries of a hashtable.</summary>
    public string? Colours { get; init; }

    /// <summary>The characters that may begin a line beside blanks; null where nothing is wrapped.</summary>
    public string? Breaks { get; init; }
}

internal sealed record FormatView(FormatKind Kind, string Name, string[] Types, params FormatColumn[] Columns);

/// <summary>The views of the module's types. The first of a kind is that which is shown.</summary>
internal static partial class FormatViews
{
    private const string Outcomes = "Created = 'BrightGreen'; Changed = 'BrightGreen'; Planned = 'BrightYellow'; Failed = 'BrightRed'; Cancelled = 'BrightRed'";
    private const string Verdicts = "Passed = 'BrightGreen'; Complete = 'BrightGreen'; Failed = 'BrightRed'; Broken = 'BrightRed'; Warning = 'BrightYellow'";
    private const string Severities = "High = 'BrightRed'; Medium = 'BrightYellow'";
    private const string Disabled = "False = 'BrightYellow'";

    /// <summary>The views of each type.</summary>
    internal static IEnumerable<FormatView> All => [.. AgentUsers, .. Identities, .. Reports, .. Relations, .. Audits, .. Plans, .. Session];

    private static FormatView Table(string type, params FormatColumn[] columns) => Table(type, type["PS".Length..], columns);

    private static FormatView Table(string type, string name, FormatColumn[] columns) => new(FormatKind.Table, name, [Full(type)], columns);

    private static FormatView List(string type, params FormatColumn[] columns) => new(FormatKind.List, type["PS".Length..], [Full(type)], columns);

    private static FormatView Wide(string type, string property) => new(FormatKind.Wide, type["PS".Length..], [Full(type)], new FormatColumn(property, property));

    private static string Full(string type) => "AgentUsers.PowerShell." + type;

    /// <summary>A word or an id, which always fits.</summary>
    private static FormatColumn Word(string label, int? width = null, string? shown = null) => new(label, shown ?? label, width);

    private static FormatColumn Number(string label, int width, string? shown = null) => new(label, shown ?? label, width) { IsNumber = true };

    /// <summary>A sentence, or a name with blanks.</summary>
    private static FormatColumn Text(string label, int? width = null, string? shown = null) => new(label, shown ?? label, width) { Breaks = "" };

    /// <summary>A sign-in name, whose domain may be in the next line.</summary>
    private static FormatColumn SignInName(string label, int? width = null, string? shown = null) => new(label, shown ?? label, width) { Breaks = "@" };

    /// <summary>A name of words with points between.</summary>
    private static FormatColumn Pointed(string label, int? width = null) => new(label, label, width) { Breaks = "." };

    private static FormatColumn State(string label, string colours, int? width = null, string? shown = null) => new(label, shown ?? label, width) { Colours = colours };

    /// <summary>A moment in UTC, that of an object from a file, too.</summary>
    private static FormatColumn Moment(string label) => new(label, $"if ($_.{label}) {{ '{{0:yyyy-MM-ddTHH:mm:ssZ}}' -f [datetime]$_.{label} }}");

    /// <summary>The items of a list in one line.</summary>
    private static FormatColumn Joined(string label, int? width = null) => new(label, $"$_.{label} -join '; '", width) { Breaks = "" };

    /// <summary>The items of a list, a line each.</summary>
    private static FormatColumn Lines(string label) => new(label, $"$_.{label} -join \"`n\"") { Breaks = "" };

    private static FormatColumn[] Words(params string[] labels) => [.. labels.Select(label => Word(label))];
}
