using System;
using System.Text;

namespace AgentUsers;

/// <summary>The answer to a demand.</summary>
/// <param name="bytes">A token or an assertion in UTF-8, or a signature.</param>
/// <param name="expiresInSeconds">The lifetime of a token in seconds; 0 if it is not known.</param>
internal sealed class DemandAnswer(byte[] bytes, ulong expiresInSeconds = 0)
{
    internal byte[] Bytes { get; } = bytes;

    internal ulong ExpiresInSeconds { get; } = expiresInSeconds;

    /// <summary>Overwrites the bytes.</summary>
    internal void Clear() => Array.Clear(Bytes, 0, Bytes.Length);

    internal static DemandAnswer Of(string text, ulong expiresInSeconds = 0) => new(Encoding.UTF8.GetBytes(text), expiresInSeconds);
}
