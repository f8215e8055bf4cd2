using System.Collections;
using System.Collections.Generic;
using System.Linq;

namespace AgentUsers.PowerShell;

/// <summary>Completes faults of the simulator: whole hashtables, whose path is that of a create until it is changed.</summary>
public sealed class FaultCompleter : ValueCompleter
{
    /// <summary>The faults of crates/simulator/src/network/faults.rs.</summary>
    internal static readonly string[] Names =
    [
        "LostAnswer", "Reset", "Refused", "Delay", "LateArrival", "Never", "Throttled", "Rejected",
        "ServerError", "TruncatedBody", "WrongContentType", "EmptyBody", "ForeignRefusal", "ForeignNextLink", "CircularNextLink", "EndlessPages",
        "ExpiredPageToken", "GarbageJson", "AnotherObject", "ErrorInSuccess", "StrangeStatus", "Answer",
    ];

    private protected override IEnumerable<Value> Offer(string typed, IDictionary bound)
    {
        string name = typed.TrimStart('@', '{', ' ');
        return Names.Where(fault => Begins(fault, name)).Select(fault => new Value(
            $"@{{ Method = 'POST'; Path = '/users/microsoft.graph.agentUser'; Nth = 1; Fault = '{fault}' }}", fault, fault, IsCode: true));
    }
}
