using System;
using System.Globalization;

namespace AgentUsers;

/// <summary>Moments as Graph writes them.</summary>
internal static class Moments
{
    /// <summary>The moment; null when there is none or when it is not readable.</summary>
    internal static DateTimeOffset? Parse(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset moment)
            ? moment
            : null;

    internal static string Write(DateTimeOffset moment) =>
        moment.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
}
