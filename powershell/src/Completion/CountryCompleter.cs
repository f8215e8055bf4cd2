using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace AgentUsers.PowerShell;

/// <summary>Completes country codes, by code or name: <c>de</c> and <c>ger</c> are both Germany.</summary>
public sealed class CountryCompleter : ValueCompleter
{
    /// <summary>The core's own table, as a resource: code, three-letter code, and names.</summary>
    private static readonly Lazy<(string Code, string[] Names)[]> s_countries = new(() =>
    {
        using Stream file = typeof(CountryCompleter).Assembly.GetManifestResourceStream("country_names.txt")!;
        using var reader = new StreamReader(file);
        string[] lines = reader.ReadToEnd().Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries);
        return [.. lines.Select(line => (line.Substring(0, 2), line.Substring(5).Split('|')))];
    });

    private protected override IEnumerable<Value> Offer(string typed, IDictionary bound)
    {
        IEnumerable<(string Code, string[] Names)> byCode = s_countries.Value.Where(country => Begins(country.Code, typed));
        IEnumerable<(string Code, string[] Names)> byName = s_countries.Value.Where(country => country.Names.Any(name => Begins(name, typed)));
        return byCode.Union(byName).Select(country => new Value(country.Code, country.Names[0], $"{country.Code} {country.Names[0]}"));
    }
}
