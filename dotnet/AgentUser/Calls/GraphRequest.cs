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

    /// <summary>Whom its writes are about: the user principal names of creates, else the ids in the paths.</summary>
    internal IReadOnlyList<string> Written()
    {
        JsonValue body = Body is { Length: > 0 } ? JsonValue.Parse(System.Text.Encoding.UTF8.GetString(Body)) : JsonValue.Null;
        return Url.EndsWith("/$batch", System.StringComparison.Ordinal)
            ? [.. (body["requests"]?.Items ?? []).Where(part => part["method"]?.AsString() != "GET").Select(part => Target(part["url"]?.AsString() ?? "", part["body"])).Distinct()]
            : IsWrite ? [Target(Url, body)] : [];
    }

    private static string Target(string url, JsonValue? body) =>
        body?["userPrincipalName"]?.AsString() ?? url.Split('?')[0].Split('/').FirstOrDefault(part => System.Guid.TryParse(part, out _)) ?? url;

    internal static GraphRequest From(JsonValue json, IReadOnlyDictionary<long, byte[]> bodies) =>
        new(json, bodies.TryGetValue(json["id"]?.AsInt64() ?? 0, out byte[]? body) ? body : null);
}
