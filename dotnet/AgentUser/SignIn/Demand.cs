namespace AgentUsers;

/// <summary>Something that a sign-in asks of the host.</summary>
internal sealed class Demand
{
    private readonly JsonValue _json;

    private Demand(JsonValue json, byte[] body)
    {
        _json = json;
        Body = body;
    }

    /// <summary>The number of the demand, the same in every call that makes it; later demands have higher numbers.</summary>
    internal long Id => Number("demandId");

    /// <summary>The kind of the demand, such as <c>token</c>.</summary>
    internal string Kind => Text("kind") ?? "";

    /// <summary>The bytes to sign; else none.</summary>
    internal byte[] Body { get; }

    internal string? Text(string member) => _json[member]?.AsString();

    internal long Number(string member) => _json[member]?.AsInt64() ?? 0;

    internal bool Flag(string member) => _json[member]?.AsBoolean() ?? false;

    internal static Demand From(JsonValue json, byte[]? body) => new(json, body ?? []);
}
