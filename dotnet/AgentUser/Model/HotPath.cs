using System.Runtime.CompilerServices;

namespace AgentUsers;

/// <summary>How methods are compiled that run for each row of a page.</summary>
internal static class HotPath
{
    /// <summary>
    /// <c>MethodImplOptions.AggressiveOptimization</c>, which netstandard2.0 does not name: the first list of a process would else be
    /// read by code that is not optimized yet.
    /// </summary>
    internal const MethodImplOptions Optimized = (MethodImplOptions)512;
}
