using System.Collections;
using System.Collections.Generic;
#if NET8_0_OR_GREATER
using System.Diagnostics.CodeAnalysis;
#endif
using System.Linq;

namespace AgentUsers;

/// <summary>
/// A map that keeps the order in which its keys were first set.
/// <see cref="Dictionary{TKey, TValue}"/> promises no order, and netstandard2.0 has no ordered map.
/// </summary>
internal sealed class OrderedMap<T> : IReadOnlyDictionary<string, T>
{
    private readonly List<KeyValuePair<string, T>> _entries = [];
    private readonly Dictionary<string, int> _indexes = [];

    internal OrderedMap()
    {
    }

    /// <summary>Of entries with the same key, the last value counts.</summary>
    internal OrderedMap(IEnumerable<KeyValuePair<string, T>> entries)
    {
        foreach (KeyValuePair<string, T> entry in entries)
            Set(entry.Key, entry.Value);
    }

    internal static OrderedMap<T> Empty { get; } = new();

    public int Count => _entries.Count;

    public IEnumerable<string> Keys => _entries.Select(entry => entry.Key);

    public IEnumerable<T> Values => _entries.Select(entry => entry.Value);

    public T this[string key] =>
        TryGetValue(key, out T? value) ? value : throw new KeyNotFoundException($"There is no {key}.");

    /// <summary>Sets a value. A key that is there keeps its place.</summary>
    internal void Set(string key, T value)
    {
        if (_indexes.TryGetValue(key, out int index))
        {
            _entries[index] = new(key, value);
            return;
        }
        _indexes.Add(key, _entries.Count);
        _entries.Add(new(key, value));
    }

    public bool ContainsKey(string key) => _indexes.ContainsKey(key);

    // netstandard2.0 declares the interface without annotations, and there the attribute would contradict it.
#if NET8_0_OR_GREATER
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out T value)
#else
    public bool TryGetValue(string key, out T value)
#endif
    {
        bool found = _indexes.TryGetValue(key, out int index);
        value = found ? _entries[index].Value : default!;
        return found;
    }

    public IEnumerator<KeyValuePair<string, T>> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
