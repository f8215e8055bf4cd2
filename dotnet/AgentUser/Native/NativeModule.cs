using System;
using System.ComponentModel;
using System.Runtime.InteropServices;
#if !NET8_0_OR_GREATER
using System.Reflection;
#endif

namespace AgentUsers;

/// <summary>Loads a file and finds its exports, on every .NET.</summary>
/// <remarks>
/// It uses the full path and the handle, so that neither another file of that name nor a resolver of the host is taken.
/// </remarks>
internal static class NativeModule
{
    /// <summary>Whether this process on Windows may act as administrator: only an elevated one may.</summary>
    internal static bool IsAdministrator() => IsUserAnAdmin();

    /// <summary>Whether this process, not on Windows, has the rights of another user than the one that started it.</summary>
    internal static bool RunsAsAnother() => geteuid() != getuid();

    [DllImport("shell32", ExactSpelling = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool IsUserAnAdmin();

    [DllImport("libc", ExactSpelling = true)]
    private static extern uint geteuid();

    [DllImport("libc", ExactSpelling = true)]
    private static extern uint getuid();

#if NET8_0_OR_GREATER
    internal static IntPtr Load(string file) => NativeLibrary.Load(file);

    internal static IntPtr Export(IntPtr module, string name) =>
        NativeLibrary.TryGetExport(module, name, out IntPtr export) ? export : IntPtr.Zero;
#else
    // NativeLibrary is absent from netstandard2.0 and .NET Framework, and present in every other .NET.
    private static readonly Type? s_library =
        Type.GetType("System.Runtime.InteropServices.NativeLibrary, System.Runtime.InteropServices", throwOnError: false);

    private delegate bool TryGetExport(IntPtr module, string name, out IntPtr export);

    private static readonly Func<string, IntPtr>? s_load = Method<Func<string, IntPtr>>("Load", typeof(string));

    private static readonly TryGetExport? s_export =
        Method<TryGetExport>("TryGetExport", typeof(IntPtr), typeof(string), typeof(IntPtr).MakeByRefType());

    internal static IntPtr Load(string file)
    {
        if (s_load is not null)
            return s_load(file);
        IntPtr module = LoadLibraryW(file);
        return module != IntPtr.Zero ? module : throw new DllNotFoundException(new Win32Exception(Marshal.GetLastWin32Error()).Message);
    }

    internal static IntPtr Export(IntPtr module, string name)
    {
        if (s_export is null)
            return GetProcAddress(module, name);
        return s_export(module, name, out IntPtr export) ? export : IntPtr.Zero;
    }

    private static T? Method<T>(string name, params Type[] parameters)
        where T : Delegate
    {
        MethodInfo? method = s_library?.GetMethod(name, parameters);
        return method is null ? null : (T)method.CreateDelegate(typeof(T));
    }

    [DllImport("kernel32", CharSet = CharSet.Unicode, SetLastError = true, ExactSpelling = true)]
    private static extern IntPtr LoadLibraryW(string file);

    [DllImport("kernel32", CharSet = CharSet.Ansi, ExactSpelling = true, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern IntPtr GetProcAddress(IntPtr module, string name);
#endif
}
