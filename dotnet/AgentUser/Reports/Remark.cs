namespace AgentUsers;

/// <summary>Something that was noticed and ends nothing.</summary>
public sealed class Remark
{
    private Remark(string code, string message)
    {
        Code = code;
        Message = message;
    }

    /// <summary>The stable code, such as <c>StillInherited</c>.</summary>
    public string Code { get; }

    /// <summary>The remark, in full sentences.</summary>
    public string Message { get; }

    /// <summary>The message.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => Message;

    internal static Remark From(JsonValue json) => new(json["code"]?.AsString() ?? "", json["message"]?.AsString() ?? "");
}
