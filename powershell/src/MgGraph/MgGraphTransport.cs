using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Net.Http;
using System.Text;

namespace AgentUsers.PowerShell;

/// <summary>
/// Sends requests by Invoke-MgGraphRequest, which signs them. No token passes through this module.
/// </summary>
/// <remarks>
/// Invoke-MgGraphRequest repeats some requests by itself, creates included (docs/sign-in.md#graph-powershell). So the answer of
/// a write may be that of a repetition, and a refusal then says nothing of the first try: such a write counts as lost, and its
/// flow looks at what is there.
/// </remarks>
internal sealed class MgGraphTransport(MgGraphCommands commands, Uri endpoint) : IGraphTransport
{
    /// <summary>The commands of the cmdlet that waits. Another cmdlet may take the call over.</summary>
    internal MgGraphCommands Commands { get; set; } = commands;

    /// <summary>The header of a request that Invoke-MgGraphRequest repeated.</summary>
    private const string RetryAttempt = "Retry-Attempt";

    public GraphAnswer Send(GraphRequest request)
    {
        if (request.IsRefused)
        {
            return GraphAnswer.NoToken(request.Claims is null
                ? "Microsoft Graph does not accept the sign-in of Connect-MgGraph, and this module can't renew it. Run Connect-MgGraph again, and then the same command."
                : "A Conditional Access policy asks for another sign-in than that of Connect-MgGraph. Run Connect-MgGraph again, and then the same command.");
        }
        MgGraphOutput output = Commands.Send(Parameters(request));
        if (output.Answer is HttpResponseMessage response)
        {
            try
            {
                using (response)
                    return OfMessage(request, response);
            }
            catch (Exception error) when (error is HttpRequestException or ObjectDisposedException or System.IO.IOException)
            {
                return GraphAnswer.Lost(GraphLoss.Broken, error.Message);
            }
        }
        return output.Status is { } status ? OfText(request, output, status) : OfErrors(output.Errors);
    }

    private Hashtable Parameters(GraphRequest request)
    {
        var headers = new Hashtable(StringComparer.OrdinalIgnoreCase);
        var parameters = new Hashtable(StringComparer.OrdinalIgnoreCase)
        {
            ["Method"] = request.Method,
            ["Uri"] = Relative(request.Url),
            ["UserAgent"] = request.UserAgent,
            ["Headers"] = headers,
        };
        if (request.Body is { } body)
            parameters["Body"] = body;
        foreach (KeyValuePair<string, string> header in request.Headers)
        {
            if (string.Equals(header.Key, "Content-Type", StringComparison.OrdinalIgnoreCase))
                parameters["ContentType"] = header.Value;
            else
                headers[header.Key] = header.Value;
        }
        return parameters;
    }

    /// <summary>The path and query: the session's environment gives the rest.</summary>
    private Uri Relative(string url)
    {
        string root = endpoint.GetLeftPart(UriPartial.Authority) + "/";
        if (!url.StartsWith(root, StringComparison.OrdinalIgnoreCase))
            throw new InvalidOperationException($"A request goes to another place than {root}.");
        // Without a slash at its start, which Uri takes for the root of a file system on Linux.
        return new Uri(url.Substring(root.Length), UriKind.Relative);
    }

    private GraphAnswer OfMessage(GraphRequest request, HttpResponseMessage response)
    {
        if (response.RequestMessage?.RequestUri is { IsAbsoluteUri: true } sent && sent.Authority != endpoint.Authority)
        {
            return GraphAnswer.NoToken(
                $"Invoke-MgGraphRequest sent the request to {sent.Authority}, and the session of Connect-MgGraph is for {endpoint.Authority}. "
                + "Update Microsoft.Graph.Authentication, run Connect-MgGraph again, and then the same command.");
        }
        byte[] body = response.Content?.ReadAsByteArrayAsync().GetAwaiter().GetResult() ?? [];
        int status = (int)response.StatusCode;
        bool repeated = response.RequestMessage?.Headers.Contains(RetryAttempt) == true;
        if (repeated && request.IsWrite && !IsDone(request, status, body))
        {
            return GraphAnswer.Lost(GraphLoss.Broken,
                $"Invoke-MgGraphRequest repeated the request by itself, and the answer to the last try, {status}, does not tell what the others did.");
        }
        IEnumerable<KeyValuePair<string, string>> headers = response.Headers
            .Concat(response.Content is { } content ? content.Headers : [])
            .SelectMany(header => header.Value.Select(value => new KeyValuePair<string, string>(header.Key, value)));
        return GraphAnswer.Response(status, headers, body);
    }

    /// <summary>Whether the answer to a repeated write tells that it was done: in a batch, that every part was.</summary>
    private static bool IsDone(GraphRequest request, int status, byte[] body)
    {
        if (status is < 200 or > 299)
            return false;
        if (!request.Url.EndsWith("/$batch", StringComparison.Ordinal))
            return true;
        try
        {
            return JsonValue.Parse(Encoding.UTF8.GetString(body))["responses"]?.Items.All(part => part["status"]?.AsInt64() is >= 200 and < 300) == true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>The answer of a proxy or another stranger, whose request is not to be seen.</summary>
    private static GraphAnswer OfText(GraphRequest request, MgGraphOutput output, int status)
    {
        if (request.IsWrite && status is < 200 or > 299)
            return GraphAnswer.Lost(GraphLoss.Broken, $"The answer, {status}, is not one of Microsoft Graph.");
        IEnumerable<KeyValuePair<string, string>> headers = output.Headers is null
            ? []
            : output.Headers.Cast<DictionaryEntry>().Select(header => new KeyValuePair<string, string>(
                header.Key.ToString()!, header.Value is IEnumerable<string> values ? string.Join(", ", values) : header.Value?.ToString() ?? ""));
        return GraphAnswer.Response(status, headers, Encoding.UTF8.GetBytes(output.Answer as string ?? ""));
    }

    private static GraphAnswer OfErrors(IReadOnlyList<object> errors)
    {
        Exception[] exceptions = [.. errors.SelectMany(error => Flat(error as Exception ?? (error as ErrorRecord)?.Exception)).Distinct()];
        string message = exceptions.Length == 0
            ? "Invoke-MgGraphRequest gave neither an answer nor an error."
            : string.Join(" ", exceptions.Select(exception => exception.Message).Distinct());
        if (exceptions.Any(IsSignIn) || errors.OfType<ErrorRecord>().Any(record => record.CategoryInfo.Category == ErrorCategory.AuthenticationError))
            return GraphAnswer.NoToken($"{message} Run Connect-MgGraph again, and then the same command.");
        // Many refusals for want of room, and nothing else: it was never done, and Graph says when to come again.
        if (exceptions.Length > 0 && exceptions.All(exception => StatusOf(exception) == 429))
            return GraphAnswer.Response(429, HeadersOf(exceptions.Last()), []);
        GraphLoss why = exceptions.Any(exception => exception is OperationCanceledException or TimeoutException) ? GraphLoss.TimedOut
            : exceptions.Any(exception => exception is System.Net.Sockets.SocketException) ? GraphLoss.Unreachable
            : GraphLoss.Broken;
        return GraphAnswer.Lost(why, message);
    }

    /// <summary>An exception and those that it is about. "Too many retries" is about the answers that led to them.</summary>
    private static IEnumerable<Exception> Flat(Exception? exception) => exception switch
    {
        null => [],
        AggregateException many when many.InnerExceptions.Count > 0 => many.InnerExceptions.SelectMany(Flat),
        RuntimeException { InnerException: { } inner } => Flat(inner),
        _ when exception.InnerException is { } inner => Flat(inner).Prepend(exception),
        _ => [exception],
    };

    /// <summary>Whether it is of a sign-in library, which is asked before the request leaves.</summary>
    private static bool IsSignIn(Exception exception) =>
        exception.GetType().FullName is { } name
        && (name.StartsWith("Azure.Identity.", StringComparison.Ordinal)
            || name.StartsWith("Microsoft.Identity.Client.", StringComparison.Ordinal)
            || name == "Microsoft.Graph.PowerShell.Authentication.Core.AuthenticationException"
            || name == "Microsoft.Graph.PowerShell.Authentication.AuthenticationException");

    /// <summary>The status that an exception of Microsoft's HTTP library carries. Its type is not to be had here.</summary>
    private static int? StatusOf(Exception exception) =>
        PSObject.AsPSObject(exception).Properties["ResponseStatusCode"]?.Value as int?;

    private static IEnumerable<KeyValuePair<string, string>> HeadersOf(Exception exception) =>
        PSObject.AsPSObject(exception).Properties["ResponseHeaders"]?.Value is IDictionary<string, IEnumerable<string>> headers
            ? headers.SelectMany(header => header.Value.Select(value => new KeyValuePair<string, string>(header.Key, value)))
            : [];
}
