using System.Collections;
using System.Collections.Generic;
#if NET8_0_OR_GREATER
using System.Diagnostics.CodeAnalysis;
#endif
using System.Linq;

namespace AgentUsers;

/// <summary>The members of an object, in their order.</summary>
internal sealed class JsonMembers : IReadOnlyDictionary<string, JsonValue>
{
    private readonly List<KeyValuePair<string, JsonValue>> _entries = [];
    private readonly Dictionary<string, int> _places = [];

    internal JsonMembers(IEnumerable<KeyValuePair<string, JsonValue>> members)
    {
        foreach (KeyValuePair<string, JsonValue> member in members)
        {
            if (_places.TryGetValue(member.Key, out int place))
            {
                _entries[place] = member;
                continue;
            }
            _places.Add(member.Key, _entries.Count);
            _entries.Add(member);
        }
    }

    internal static JsonMembers None { get; } = new([]);

    public int Count => _entries.Count;

    public IEnumerable<string> Keys => _entries.Select(entry => entry.Key);

    public IEnumerable<JsonValue> Values => _entries.Select(entry => entry.Value);

    public JsonValue this[string key] =>
        TryGetValue(key, out JsonValue? value) ? value : throw new KeyNotFoundException($"There is no member {key}.");

    public bool ContainsKey(string key) => _places.ContainsKey(key);

    // netstandard2.0 has the interface without annotations, and there the attribute would contradict it.
#if NET8_0_OR_GREATER
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out JsonValue value)
#else
    public bool TryGetValue(string key, out JsonValue value)
#endif
    {
        bool found = _places.TryGetValue(key, out int place);
        value = found ? _entries[place].Value : null!;
        return found;
    }

    public IEnumerator<KeyValuePair<string, JsonValue>> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
