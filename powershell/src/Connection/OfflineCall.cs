namespace AgentUsers.PowerShell;

/// <summary>Operations that send nothing, and so need no connection.</summary>
internal static class OfflineCall
{
    /// <summary>Runs an operation to its end.</summary>
    /// <param name="operation">One of <see cref="Operations"/> that sends nothing.</param>
    /// <param name="input">The bytes beside the operation.</param>
    /// <returns>The result.</returns>
    /// <exception cref="AgentUserException">It ended with a problem.</exception>
    internal static JsonValue Ask(JsonValue operation, byte[]? input = null)
    {
        using var client = new NativeClient(new AgentUserClientOptions());
        using PumpedCall call = PumpedCall.Start(client, operation, input);
        while (true)
        {
            WaitResult result = call.Wait(-1);
            if (result.Problem is { } problem)
                throw new AgentUserException(problem);
            if (result.Kind == WaitKind.Done)
                return result.Result;
            if (result.Kind == WaitKind.Demand)
                call.DemandFailed("The operation sends nothing, and needs no sign-in.");
        }
    }
}
