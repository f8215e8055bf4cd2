using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Text;

namespace AgentUsers;

/// <summary>
/// The last token of each scope that one client was given, by which a refused one is known again. It keeps digests, not tokens.
/// </summary>
internal sealed class GivenTokens
{
    /// <summary>Programs ask for a few services. A scope that so many others followed is forgotten.</summary>
    private const int Scopes = 32;

    private readonly object _lock = new();
    private readonly List<(string Scope, byte[] Digest)> _last = [];

    /// <summary>The request of a demand for a token, which knows the token that was refused.</summary>
    internal TokenRequest RequestOf(Demand demand)
    {
        lock (_lock)
            return TokenRequest.From(demand, _last.Find(last => last.Scope == ScopeOf(demand)).Digest);
    }

    /// <summary>Keeps the digest of a token that answers a demand; any other answer is nothing to keep.</summary>
    internal void Keep(Demand demand, byte[] answer)
    {
        if (demand.Kind != "token")
            return;
        byte[] digest = DigestOf(answer);
        lock (_lock)
        {
            _last.RemoveAll(last => last.Scope == ScopeOf(demand));
            if (_last.Count == Scopes)
                _last.RemoveAt(0);
            _last.Add((ScopeOf(demand), digest));
        }
    }

    /// <summary>Whether a token has this digest.</summary>
    internal static bool IsOf(string token, byte[] digest) => DigestOf(Encoding.UTF8.GetBytes(token)).SequenceEqual(digest);

    private static string ScopeOf(Demand demand) => demand.Text("scope") ?? "";

    private static byte[] DigestOf(byte[] token)
    {
        using var algorithm = SHA256.Create();
        return algorithm.ComputeHash(token);
    }
}
