using System;

namespace AgentUsers.PowerShell;

/// <summary>A cmdlet that reads a part of each object that it is given, of several at once, and outputs the parts in their order.</summary>
public abstract class ReadCommand : AgentUserCommand, IDisposable
{
    private readonly ReadQueue _reads = new();

    /// <summary>The words for the part, for the progress bar.</summary>
    private protected abstract string What { get; }

    /// <summary>Outputs the reads that are still on their way.</summary>
    protected override void EndProcessing() => _reads.End();

    /// <summary>Frees the reads that were not output.</summary>
    public void Dispose() => _reads.Dispose();

    /// <summary>Begins to read.</summary>
    /// <param name="name">The object, as the input names it.</param>
    /// <param name="operation">The operation that reads it.</param>
    /// <param name="write">Outputs the part that was read.</param>
    private protected void Read(string name, JsonValue operation, Action<JsonValue> write)
    {
        ReadAhead read = Begin(operation);
        _reads.Add(() => End(name, read, write), read);
    }

    private void End(string name, ReadAhead read, Action<JsonValue> write)
    {
        CallResult result = Pump($"Reading {What} of {name}", read);
        if (result.Problem is { } problem)
            WriteProblem(problem, name);
        else
            write(result.Result);
    }
}
