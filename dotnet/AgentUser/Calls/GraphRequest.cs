using System.Collections.Generic;
using System.Linq;

namespace AgentUsers;

/// <summary>A request to Microsoft Graph, for a transport to send with a token of its own.</summary>
internal sealed class GraphRequest
{
    private GraphRequest(JsonValue json, byte[]? body)
    {
        Id = json["id"]?.AsInt64() ?? 0;
        Method = json["method"]?.AsString() ?? "";
        Url = json["url"]?.AsString() ?? "";
        Headers = [.. (json["headers"]?.Items ?? []).Select(header =>
            new KeyValuePair<string, string>(header.Items[0].AsString() ?? "", header.Items[1].AsString() ?? ""))];
        UserAgent = json["userAgent"]?.AsString() ?? "";
        IsRefused = json["rejectedToken"] is not null;
        Claims = json["rejectedToken"]?["claims"]?.AsString();
        Body = body;
    }

    /// <summary>Its number within its operation.</summary>
    internal long Id { get; }

    /// <summary>The method.</summary>
    internal string Method { get; }

    /// <summary>The absolute URL.</summary>
    internal string Url { get; }

    /// <summary>The header fields, without <c>Authorization</c> and <c>User-Agent</c>.</summary>
    internal IReadOnlyList<KeyValuePair<string, string>> Headers { get; }

    /// <summary>The <c>User-Agent</c>, which names the run.</summary>
    internal string UserAgent { get; }

    /// <summary>The body; null if there is none.</summary>
    internal byte[]? Body { get; }

    /// <summary>Whether Graph refused the token that it carried before.</summary>
    internal bool IsRefused { get; }

    /// <summary>The claims challenge that came with the refusal; null if there was none.</summary>
    internal string? Claims { get; }

    /// <summary>Whether it may change something.</summary>
    internal bool IsWrite => Method != "GET";

    internal static GraphRequest From(JsonValue json, IReadOnlyDictionary<long, byte[]> bodies) =>
        new(json, bodies.TryGetValue(json["id"]?.AsInt64() ?? 0, out byte[]? body) ? body : null);
}
