using System.Globalization;
using System.Xml.Linq;

namespace AgentUsers.PowerShell.Host;

/// <summary>
/// Makes the module's format file from the table of its views. The widths of a table add up: what is fixed leaves 28 of 80 columns or more
/// to the last column, which has the rest of any window. PowerShell's own wrapping cuts words, so texts are wrapped at blanks first, by
/// expressions that constrained language mode allows.
/// </summary>
public static class FormatFile
{
    /// <summary>The text of the format file.</summary>
    public static string Write()
    {
        var root = new XElement("Configuration", new XElement("ViewDefinitions", FormatViews.All.Select(View)));
        return $"""<?xml version="1.0" encoding="utf-8"?>{"\n"}<!-- Made from powershell/host/FormatViews.cs; see powershell/README.md. -->{"\n"}{root}{"\n"}""";
    }

    private static XElement View(FormatView view) => new(
        "View",
        new XElement("Name", view.Name),
        new XElement("ViewSelectedBy", view.Types.Select(type => new XElement("TypeName", type))),
        view.Kind switch
        {
            FormatKind.Table => Table(view),
            FormatKind.List => List(view),
            _ => Nested(Shown(view.Columns[0], null, "WideItem"), "WideControl", "WideEntries", "WideEntry"),
        });

    private static XElement Table(FormatView view)
    {
        int before = 0;
        var headers = new XElement("TableHeaders");
        var items = new XElement("TableColumnItems");
        foreach (FormatColumn column in view.Columns)
        {
            headers.Add(new XElement(
                "TableColumnHeader",
                new XElement("Label", column.Label),
                column.Width is { } fixedWidth ? new XElement("Width", fixedWidth) : null,
                column.IsNumber ? new XElement("Alignment", "Right") : null));
            items.Add(Shown(column, column.Width is { } width ? width.ToString(CultureInfo.InvariantCulture) : Rest(before), "TableColumnItem"));
            before += column.Width + 1 ?? 0;
        }
        return new XElement("TableControl", headers, Nested(new XElement("TableRowEntry", new XElement("Wrap"), items), "TableRowEntries"));
    }

    private static XElement List(FormatView view)
    {
        // A list begins its values after the longest label, a blank, a colon and a blank.
        string rest = Rest(view.Columns.Max(column => column.Label.Length) + 3);
        return Nested(
            new XElement("ListItems", view.Columns.Select(column =>
            {
                XElement item = Shown(column, rest, "ListItem");
                if (item.Element("PropertyName")?.Value != column.Label)
                    item.AddFirst(new XElement("Label", column.Label));
                return item;
            })),
            "ListControl", "ListEntries", "ListEntry");
    }

    private static XElement Nested(XElement inner, params string[] names) => names.Reverse().Aggregate(inner, (made, name) => new XElement(name, made));

    /// <summary>The width of what is left of a line: the engine leaves a window's last column free. 0 in a host that has no window.</summary>
    private static string Rest(int before) => $"try {{ $Host.UI.RawUI.BufferSize.Width - {before + 1} }} catch {{ 0 }}";

    private static XElement Shown(FormatColumn column, string? width, string name)
    {
        bool isProperty = column.Shown.All(char.IsLetterOrDigit);
        string value = isProperty ? "$_." + column.Shown : column.Shown;
        if (column.Colours is { } colours)
            return new XElement(name, new XElement("ScriptBlock", Coloured(value, colours)));
        if (column.Breaks is { } breaks && width is not null)
            return new XElement(name, new XElement("ScriptBlock", Wrapped(value, width, breaks)));
        return new XElement(name, new XElement(isProperty ? "PropertyName" : "ScriptBlock", column.Shown));
    }

    /// <summary>The value, in the colour that its text has. Windows PowerShell has no colours.</summary>
    private static string Coloured(string value, string colours) =>
        $$"""$v = {{value}}; $c = if ($PSStyle) { @{ {{colours}} }["$v"] }; if ($c) { "$($PSStyle.Foreground.$c)$v$($PSStyle.Reset)" } else { $v }""";

    /// <summary>
    /// Ends a line that is too long at its last blank that fits, or before its last character of a name that may begin a line. A longer word
    /// is cut, and what follows stays beside its end.
    /// </summary>
    private static string Wrapped(string value, string width, string breaks)
    {
        string end = breaks.Length == 0 ? " +" : $"(?: +|(?=[{breaks}]))";
        return $$"""$t = "$({{value}})"; $w = {{width}}; if ($w -gt 9) { $t -replace "(?=.{$($w + 1)})(?:(.{1,$w}){{end}}|(\S{$w}))", "`$1`$2`n" } else { $t }""";
    }
}
