using System;
using System.Collections.Generic;
using System.Linq;

namespace AgentUsers;

/// <summary>The functions of the native library, as its header declares them.</summary>
internal sealed unsafe class NativeFunctions
{
    /// <summary>The version of the header that this file declares.</summary>
    internal const uint AbiVersion = 1;

    private static readonly object s_loading = new();
    private static NativeFunctions? s_loaded;

    internal readonly delegate* unmanaged[Cdecl]<NativeText> Version;
    internal readonly delegate* unmanaged[Cdecl]<uint, NativeText> StatusName;

    internal readonly delegate* unmanaged[Cdecl]<byte*, nuint, byte*, nuint, IntPtr*, IntPtr*, uint> ClientNew;
    internal readonly delegate* unmanaged[Cdecl]<IntPtr, byte*, nuint, ulong, IntPtr*, uint> ClientSetToken;
    internal readonly delegate* unmanaged[Cdecl]<IntPtr, ulong, byte*, nuint, ulong, IntPtr*, uint> ClientAnswer;
    internal readonly delegate* unmanaged[Cdecl]<IntPtr, uint> ClientSignOut;
    internal readonly delegate* unmanaged[Cdecl]<IntPtr, uint> ClientFree;

    internal readonly delegate* unmanaged[Cdecl]<IntPtr, byte*, nuint, byte*, nuint, IntPtr, nuint, IntPtr*, IntPtr*, uint> CallStart;
    internal readonly delegate* unmanaged[Cdecl]<IntPtr, byte*, nuint, IntPtr, nuint, IntPtr*, IntPtr*, uint> TokenStart;
    internal readonly delegate* unmanaged[Cdecl]<IntPtr, uint, uint*, IntPtr*, uint> CallWait;
    internal readonly delegate* unmanaged[Cdecl]<IntPtr, byte*, nuint, uint> CallDemandFailed;
    internal readonly delegate* unmanaged[Cdecl]<IntPtr, uint> CallCancel;
    internal readonly delegate* unmanaged[Cdecl]<IntPtr, uint> CallFree;

    internal readonly delegate* unmanaged[Cdecl]<byte*, nuint, IntPtr*, IntPtr*, uint> SessionNew;
    internal readonly delegate* unmanaged[Cdecl]<IntPtr, uint> SessionFree;

    internal readonly delegate* unmanaged[Cdecl]<IntPtr, byte*, nuint, byte*, nuint, uint, ulong, IntPtr*, IntPtr*, uint> OperationNew;
    internal readonly delegate* unmanaged[Cdecl]<IntPtr, ulong, long, uint*, IntPtr*, uint> OperationPoll;
    internal readonly delegate* unmanaged[Cdecl]<IntPtr, ulong, byte*, nuint, byte*, nuint, uint*, IntPtr*, uint> OperationAnswer;
    internal readonly delegate* unmanaged[Cdecl]<IntPtr, IntPtr*, uint> OperationCanceller;
    internal readonly delegate* unmanaged[Cdecl]<IntPtr, uint> OperationFree;
    internal readonly delegate* unmanaged[Cdecl]<IntPtr, uint> CancellerCancel;
    internal readonly delegate* unmanaged[Cdecl]<IntPtr, uint> CancellerFree;

    internal readonly delegate* unmanaged[Cdecl]<IntPtr, NativeText*, uint> ResultJson;
    internal readonly delegate* unmanaged[Cdecl]<IntPtr, nuint*, uint> ResultRows;
    internal readonly delegate* unmanaged[Cdecl]<IntPtr, nuint, NativeText*, nuint, ulong*, uint> ResultRow;
    internal readonly delegate* unmanaged[Cdecl]<IntPtr, nuint*, uint> ResultBodies;
    internal readonly delegate* unmanaged[Cdecl]<IntPtr, nuint, ulong*, NativeText*, uint> ResultBody;
    internal readonly delegate* unmanaged[Cdecl]<IntPtr, uint> ResultFree;

    internal readonly delegate* unmanaged[Cdecl]<byte*, nuint, IntPtr*, IntPtr*, uint> Validate;
    internal readonly delegate* unmanaged[Cdecl]<byte*, nuint, IntPtr*, IntPtr*, uint> ValidateMember;
    internal readonly delegate* unmanaged[Cdecl]<byte*, nuint, IntPtr*, IntPtr*, uint> Derive;
    internal readonly delegate* unmanaged[Cdecl]<byte*, nuint, IntPtr*, IntPtr*, uint> ExplainCode;
    internal readonly delegate* unmanaged[Cdecl]<byte*, nuint, IntPtr*, IntPtr*, uint> ConsentUrl;
    internal readonly delegate* unmanaged[Cdecl]<byte*, nuint, IntPtr*, IntPtr*, uint> AccessPolicies;
    internal readonly delegate* unmanaged[Cdecl]<byte*, nuint, byte*, nuint, IntPtr*, IntPtr*, uint> ValidateRoster;
    internal readonly delegate* unmanaged[Cdecl]<byte*, nuint, byte*, nuint, IntPtr*, IntPtr*, uint> Explain;
    internal readonly delegate* unmanaged[Cdecl]<byte*, nuint, byte*, nuint, IntPtr*, IntPtr*, uint> RenderReport;

    internal readonly delegate* unmanaged[Cdecl]<byte*, nuint, IntPtr*, IntPtr*, uint> SimulatorStart;
    internal readonly delegate* unmanaged[Cdecl]<IntPtr, IntPtr*, uint> SimulatorJson;
    internal readonly delegate* unmanaged[Cdecl]<IntPtr, uint> SimulatorFree;

    private NativeFunctions(string file, IntPtr module)
    {
        File = file;
        Version = (delegate* unmanaged[Cdecl]<NativeText>)Needed(module, "version");
        StatusName = (delegate* unmanaged[Cdecl]<uint, NativeText>)Needed(module, "status_name");
        ClientNew = (delegate* unmanaged[Cdecl]<byte*, nuint, byte*, nuint, IntPtr*, IntPtr*, uint>)Needed(module, "client_new");
        ClientSetToken = (delegate* unmanaged[Cdecl]<IntPtr, byte*, nuint, ulong, IntPtr*, uint>)Needed(module, "client_set_token");
        ClientAnswer = (delegate* unmanaged[Cdecl]<IntPtr, ulong, byte*, nuint, ulong, IntPtr*, uint>)Needed(module, "client_answer");
        ClientSignOut = (delegate* unmanaged[Cdecl]<IntPtr, uint>)Needed(module, "client_sign_out");
        ClientFree = (delegate* unmanaged[Cdecl]<IntPtr, uint>)Needed(module, "client_free");
        CallStart = (delegate* unmanaged[Cdecl]<IntPtr, byte*, nuint, byte*, nuint, IntPtr, nuint, IntPtr*, IntPtr*, uint>)Needed(module, "call_start");
        TokenStart = (delegate* unmanaged[Cdecl]<IntPtr, byte*, nuint, IntPtr, nuint, IntPtr*, IntPtr*, uint>)Needed(module, "token_start");
        CallWait = (delegate* unmanaged[Cdecl]<IntPtr, uint, uint*, IntPtr*, uint>)Needed(module, "call_wait");
        CallDemandFailed = (delegate* unmanaged[Cdecl]<IntPtr, byte*, nuint, uint>)Needed(module, "call_demand_failed");
        CallCancel = (delegate* unmanaged[Cdecl]<IntPtr, uint>)Needed(module, "call_cancel");
        CallFree = (delegate* unmanaged[Cdecl]<IntPtr, uint>)Needed(module, "call_free");
        SessionNew = (delegate* unmanaged[Cdecl]<byte*, nuint, IntPtr*, IntPtr*, uint>)Needed(module, "session_new");
        SessionFree = (delegate* unmanaged[Cdecl]<IntPtr, uint>)Needed(module, "session_free");
        OperationNew = (delegate* unmanaged[Cdecl]<IntPtr, byte*, nuint, byte*, nuint, uint, ulong, IntPtr*, IntPtr*, uint>)Needed(module, "operation_new");
        OperationPoll = (delegate* unmanaged[Cdecl]<IntPtr, ulong, long, uint*, IntPtr*, uint>)Needed(module, "operation_poll");
        OperationAnswer = (delegate* unmanaged[Cdecl]<IntPtr, ulong, byte*, nuint, byte*, nuint, uint*, IntPtr*, uint>)Needed(module, "operation_answer");
        OperationCanceller = (delegate* unmanaged[Cdecl]<IntPtr, IntPtr*, uint>)Needed(module, "operation_canceller");
        OperationFree = (delegate* unmanaged[Cdecl]<IntPtr, uint>)Needed(module, "operation_free");
        CancellerCancel = (delegate* unmanaged[Cdecl]<IntPtr, uint>)Needed(module, "canceller_cancel");
        CancellerFree = (delegate* unmanaged[Cdecl]<IntPtr, uint>)Needed(module, "canceller_free");
        ResultJson = (delegate* unmanaged[Cdecl]<IntPtr, NativeText*, uint>)Needed(module, "result_json");
        ResultRows = (delegate* unmanaged[Cdecl]<IntPtr, nuint*, uint>)Needed(module, "result_rows");
        ResultRow = (delegate* unmanaged[Cdecl]<IntPtr, nuint, NativeText*, nuint, ulong*, uint>)Needed(module, "result_row");
        ResultBodies = (delegate* unmanaged[Cdecl]<IntPtr, nuint*, uint>)Needed(module, "result_bodies");
        ResultBody = (delegate* unmanaged[Cdecl]<IntPtr, nuint, ulong*, NativeText*, uint>)Needed(module, "result_body");
        ResultFree = (delegate* unmanaged[Cdecl]<IntPtr, uint>)Needed(module, "result_free");
        Validate = (delegate* unmanaged[Cdecl]<byte*, nuint, IntPtr*, IntPtr*, uint>)Needed(module, "validate");
        ValidateMember = (delegate* unmanaged[Cdecl]<byte*, nuint, IntPtr*, IntPtr*, uint>)Needed(module, "validate_member");
        Derive = (delegate* unmanaged[Cdecl]<byte*, nuint, IntPtr*, IntPtr*, uint>)Needed(module, "derive");
        ExplainCode = (delegate* unmanaged[Cdecl]<byte*, nuint, IntPtr*, IntPtr*, uint>)Needed(module, "explain_code");
        ConsentUrl = (delegate* unmanaged[Cdecl]<byte*, nuint, IntPtr*, IntPtr*, uint>)Needed(module, "consent_url");
        AccessPolicies = (delegate* unmanaged[Cdecl]<byte*, nuint, IntPtr*, IntPtr*, uint>)Needed(module, "access_policies");
        ValidateRoster = (delegate* unmanaged[Cdecl]<byte*, nuint, byte*, nuint, IntPtr*, IntPtr*, uint>)Needed(module, "validate_roster");
        Explain = (delegate* unmanaged[Cdecl]<byte*, nuint, byte*, nuint, IntPtr*, IntPtr*, uint>)Needed(module, "explain");
        RenderReport = (delegate* unmanaged[Cdecl]<byte*, nuint, byte*, nuint, IntPtr*, IntPtr*, uint>)Needed(module, "render_report");
        SimulatorStart = (delegate* unmanaged[Cdecl]<byte*, nuint, IntPtr*, IntPtr*, uint>)Needed(module, "simulator_start");
        SimulatorJson = (delegate* unmanaged[Cdecl]<IntPtr, IntPtr*, uint>)Needed(module, "simulator_json");
        SimulatorFree = (delegate* unmanaged[Cdecl]<IntPtr, uint>)Needed(module, "simulator_free");
    }

    /// <summary>The file that the library was loaded from.</summary>
    internal string File { get; }

    /// <summary>The library, loaded when it is first needed. A failure is not remembered.</summary>
    /// <exception cref="AgentUserLibraryException">The library can't be loaded.</exception>
    internal static NativeFunctions Instance
    {
        get
        {
            if (System.Threading.Volatile.Read(ref s_loaded) is { } loaded)
                return loaded;
            lock (s_loading)
            {
                NativeFunctions functions =
                    s_loaded ?? Load(NativeLibraryFiles.Chosen, NativeLibraryFiles.Folder);
                System.Threading.Volatile.Write(ref s_loaded, functions);
                return functions;
            }
        }
    }

    /// <summary>Loads the first file that exists and has the right version.</summary>
    /// <exception cref="AgentUserLibraryException">There is no such file.</exception>
    internal static NativeFunctions Load(string? chosen, string folder)
    {
        var tried = new List<string>();
        Exception? last = null;
        foreach (string file in NativeLibraryFiles.Candidates(chosen, folder))
        {
            if (!System.IO.File.Exists(file))
            {
                tried.Add($"{file}: does not exist");
                continue;
            }
            try
            {
                IntPtr module = NativeModule.Load(file);
                CheckVersion(module);
                return new NativeFunctions(file, module);
            }
            catch (Exception error) when (error is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException)
            {
                tried.Add($"{file}: {error.Message}");
                last = error;
            }
        }
        if (tried.Count == 0)
            tried.Add($"{chosen}: is not a full path");
        string source = !string.IsNullOrEmpty(chosen)
            ? $"{NativeLibraryFiles.Override} names it; correct or remove that variable."
            : NativeLibraryFiles.IsPackaged || NativeLibraryFiles.IsElevated
                ? "Install it again, or put it into one of these places."
                : $"Set {NativeLibraryFiles.Override} to its full path, or put it into one of these places.";
        string list = string.Concat(tried.Select(line => Environment.NewLine + "  " + line));
        throw new AgentUserLibraryException($"The native library of agentuser can't be loaded. {source} Tried:{list}", tried, last);
    }

    private static void CheckVersion(IntPtr module)
    {
        uint version = ((delegate* unmanaged[Cdecl]<uint>)Needed(module, "abi_version"))();
        if (version != AbiVersion)
            throw new EntryPointNotFoundException($"it has version {version} of the interface, and version {AbiVersion} is needed");
    }

    private static IntPtr Needed(IntPtr module, string name)
    {
        IntPtr export = Export(module, name);
        return export != IntPtr.Zero
            ? export
            : throw new EntryPointNotFoundException($"it has no function agentuser_{name}, so it is another library or another version");
    }

    private static IntPtr Export(IntPtr module, string name) => NativeModule.Export(module, "agentuser_" + name);
}
