using System;
using System.Globalization;

namespace AgentUsers;

/// <summary>Moments as Graph writes them.</summary>
internal static class Moments
{
    /// <summary>The moment; null if there is no text or it is not a moment.</summary>
    internal static DateTimeOffset? Parse(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset moment)
            ? moment
            : null;

    /// <summary>The moment in UTC. A <see cref="DateTime"/> of unspecified kind is taken for UTC, as all of Graph's moments are.</summary>
    internal static string Write(DateTime moment) => Write(new DateTimeOffset(
        moment.Kind == DateTimeKind.Local ? moment.ToUniversalTime() : DateTime.SpecifyKind(moment, DateTimeKind.Utc)));

    /// <summary>The moment in UTC.</summary>
    internal static string Write(DateTimeOffset moment) =>
        moment.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
}
