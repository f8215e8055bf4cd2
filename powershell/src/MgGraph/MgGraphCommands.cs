using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>The commands of Microsoft.Graph.Authentication that the module runs, on the pipeline's thread of a cmdlet.</summary>
/// <remarks>
/// They are named with their module, so that no function, alias or mock of the session stands in for them. Nothing of the
/// session is changed: its token, its environment and its request context are as the user set them.
/// </remarks>
internal sealed class MgGraphCommands(PSCmdlet cmdlet)
{
    private const string Module = "Microsoft.Graph.Authentication";
    private static readonly string[] s_parameters =
        ["Method", "Uri", "Body", "Headers", "ContentType", "UserAgent", "OutputType", "SkipHttpErrorCheck", "StatusCodeVariable", "ResponseHeadersVariable"];

    private static readonly ScriptBlock s_context = ScriptBlock.Create($"{Module}\\Get-MgContext");
    private static readonly ScriptBlock s_environments = ScriptBlock.Create($"{Module}\\Get-MgEnvironment");

    /// <summary>
    /// Sends one request. An answer that is text, such as a proxy's page, comes as a string whatever the output type; so
    /// status and headers are asked for beside it. Its errors are collected, not shown.
    /// </summary>
    private static readonly ScriptBlock s_send = ScriptBlock.Create(
        $$"""
        param($request)
        $answer = $status = $headers = $failure = $errors = $null
        try {
            $answer = {{Module}}\Invoke-MgGraphRequest @request -OutputType HttpResponseMessage -SkipHttpErrorCheck `
                -StatusCodeVariable status -ResponseHeadersVariable headers `
                -ErrorAction SilentlyContinue -ErrorVariable errors -Verbose:$false -Debug:$false
        }
        catch { $failure = $_ }
        @{ Answer = $answer; Status = $status; Headers = $headers; Errors = @($failure) + @($errors) }
        """);

    /// <summary>The reason why the module can't be used; null if it can.</summary>
    internal (string Message, string Fix)? Lack()
    {
        CommandInfo? send = cmdlet.InvokeCommand.GetCommand($"{Module}\\Invoke-MgGraphRequest", CommandTypes.All);
        if (send is null)
        {
            return ($"There is no command Invoke-MgGraphRequest of the module {Module}.",
                $"Install it with Install-PSResource {Module}, sign in with Connect-MgGraph or Connect-Entra, and connect again.");
        }
        string[] missing = [.. s_parameters.Where(parameter => !send.Parameters.ContainsKey(parameter))];
        return missing.Length == 0
            ? null
            : ($"Invoke-MgGraphRequest of {Module} {send.Version} has no parameter {string.Join(", ", missing)}.",
                $"Update it with Update-PSResource {Module}: version 2 has what is needed.");
    }

    /// <summary>The user's session; null if nobody is signed in.</summary>
    internal MgGraphSession? Session()
    {
        if (Run(s_context).LastOrDefault() is not { } context)
            return null;
        string environment = Text(context, "Environment") ?? "Global";
        PSObject? known = Run(s_environments).LastOrDefault(one => string.Equals(Text(one, "Name"), environment, StringComparison.OrdinalIgnoreCase));
        return new MgGraphSession
        {
            TenantId = Text(context, "TenantId") ?? "",
            ClientId = Text(context, "ClientId") ?? "",
            Account = Text(context, "Account"),
            AuthType = Text(context, "AuthType") ?? "",
            Environment = environment,
            GraphEndpoint = Uri.TryCreate(Text(known, "GraphEndpoint"), UriKind.Absolute, out Uri? endpoint) ? endpoint : null,
            Scopes = [.. Strings(context.Properties["Scopes"]?.Value)],
        };
    }

    /// <summary>Sends a request.</summary>
    /// <param name="parameters">Parameters of Invoke-MgGraphRequest.</param>
    internal MgGraphOutput Send(Hashtable parameters)
    {
        var output = (Hashtable)Run(s_send, parameters).Last().BaseObject;
        return new MgGraphOutput(
            Base(output["Answer"]),
            Base(output["Status"]) as int?,
            Base(output["Headers"]) as IDictionary,
            [.. Items(output["Errors"])]);
    }

    /// <summary>Runs a script, whose errors are not the user's: $Error is afterwards as it was.</summary>
    private IReadOnlyList<PSObject> Run(ScriptBlock script, params object[] arguments)
    {
        var errors = cmdlet.GetVariableValue("global:Error") as ArrayList;
        object[] before = errors?.ToArray() ?? [];
        try
        {
            return [.. cmdlet.InvokeCommand.InvokeScript(useLocalScope: true, script, null, arguments).Where(item => item is not null)];
        }
        finally
        {
            errors?.Clear();
            errors?.AddRange(before);
        }
    }

    private static IEnumerable<object> Items(object? list) =>
        (Base(list) as IEnumerable)?.Cast<object?>().Select(Base).OfType<object>() ?? [];

    private static IEnumerable<string> Strings(object? list) => Base(list) switch
    {
        string one => [one],
        IEnumerable => Items(list).Select(item => item.ToString()!),
        _ => [],
    };

    private static string? Text(PSObject? item, string property) => Base(item?.Properties[property]?.Value)?.ToString();

    private static object? Base(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}

/// <summary>The answer of Invoke-MgGraphRequest.</summary>
/// <param name="Answer">Its output: an HttpResponseMessage, or text.</param>
/// <param name="Status">The status code; null if it ended with an error.</param>
/// <param name="Headers">The header fields, by their names.</param>
/// <param name="Errors">Error records and exceptions.</param>
internal sealed record MgGraphOutput(object? Answer, int? Status, IDictionary? Headers, IReadOnlyList<object> Errors);
