using System;
using System.Collections.Generic;

namespace AgentUsers.PowerShell;

/// <summary>Reads of several objects, on their way at once, and ended in the order in which they began.</summary>
internal sealed class ReadQueue : IDisposable
{
    private readonly Queue<(Action End, ReadAhead?[] Reads)> _queue = [];

    /// <summary>Adds the reads of an object. When enough are on their way, those of the first object end.</summary>
    /// <param name="end">Waits for the reads, and outputs them.</param>
    /// <param name="reads">The reads, which have begun.</param>
    internal void Add(Action end, params ReadAhead?[] reads)
    {
        _queue.Enqueue((end, reads));
        if (_queue.Count >= ReadAhead.AtOnce)
            EndFirst();
    }

    /// <summary>Ends all that are still on their way.</summary>
    internal void End()
    {
        while (_queue.Count > 0)
            EndFirst();
    }

    /// <summary>Frees the reads that were not ended.</summary>
    public void Dispose()
    {
        foreach ((Action _, ReadAhead?[] reads) in _queue)
            Array.ForEach(reads, read => read?.Dispose());
        _queue.Clear();
    }

    /// <summary>The reads stay in the queue until they have ended, so that an exception leaves none of them.</summary>
    private void EndFirst()
    {
        _queue.Peek().End();
        _queue.Dequeue();
    }
}
