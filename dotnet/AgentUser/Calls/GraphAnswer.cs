using System.Collections.Generic;
using System.Linq;

namespace AgentUsers;

/// <summary>The outcome of a request.</summary>
internal sealed class GraphAnswer
{
    private GraphAnswer(JsonValue json, byte[]? body = null)
    {
        Json = json;
        Body = body ?? [];
    }

    /// <summary>The answer, as the native library reads it.</summary>
    internal JsonValue Json { get; }

    /// <summary>The body of a response.</summary>
    internal byte[] Body { get; }

    /// <summary>A response of any status.</summary>
    internal static GraphAnswer Response(int status, IEnumerable<KeyValuePair<string, string>> headers, byte[] body) => new(
        JsonValue.ObjectOf(
            ("answer", "response"),
            ("status", status),
            ("headers", JsonValue.Array(headers.Select(header => JsonValue.Array([header.Key, header.Value])))),
            // One transport has one token: a refused one is not replaced.
            ("token", 1)),
        body);

    /// <summary>No whole response. The request may have reached Graph, unless it was certainly never sent.</summary>
    internal static GraphAnswer Lost(GraphLoss why, string message) => new(JsonValue.ObjectOf(
        ("answer", "lost"),
        ("sent", "maybe"),
        ("why", why switch { GraphLoss.Unreachable => "unreachable", GraphLoss.TimedOut => "timedOut", _ => "broken" }),
        ("message", message)));

    /// <summary>It was certainly not sent.</summary>
    internal static GraphAnswer NeverSent(string message) => new(JsonValue.ObjectOf(
        ("answer", "lost"), ("sent", "no"), ("why", "unreachable"), ("message", message)));

    /// <summary>It was not sent, because there is no token for it.</summary>
    internal static GraphAnswer NoToken(string message) => new(JsonValue.ObjectOf(("answer", "noToken"), ("message", message)));
}

/// <summary>Why there is no response.</summary>
internal enum GraphLoss
{
    /// <summary>The connection broke, or nobody knows.</summary>
    Broken,

    /// <summary>There was no connection.</summary>
    Unreachable,

    /// <summary>It took too long.</summary>
    TimedOut,
}

/// <summary>Sends requests to Microsoft Graph with a token of its own.</summary>
internal interface IGraphTransport
{
    /// <summary>Sends a request and waits for its answer, on the calling thread.</summary>
    GraphAnswer Send(GraphRequest request);
}
