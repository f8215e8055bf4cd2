using System.Collections.Generic;
using System.Linq;

namespace AgentUsers;

/// <summary>Something that was noticed and ends nothing.</summary>
public sealed class Remark
{
    private Remark(string code, string message)
    {
        Code = code;
        Message = message;
    }

    /// <summary>The stable code, such as <c>ReadOnlyColumns</c>.</summary>
    public string Code { get; }

    /// <summary>The remark, in full sentences.</summary>
    public string Message { get; }

    /// <summary>The message.</summary>
    /// <returns>The sentences.</returns>
    public override string ToString() => Message;

    /// <summary>The remarks of a result.</summary>
    internal static IReadOnlyList<Remark> AllOf(JsonValue json) =>
        [.. (json["remarks"]?.Items ?? []).Select(one => new Remark(one["code"]?.AsString() ?? "", one["message"]?.AsString() ?? ""))];
}
