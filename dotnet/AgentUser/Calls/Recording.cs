using System.Collections.Generic;
using System.Linq;
#if NET8_0_OR_GREATER
using System.Diagnostics;
#endif

namespace AgentUsers;

/// <summary>The records that a call asks for.</summary>
internal static class Recording
{
    /// <summary>The operation, which asks for records.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="requests">Whether requests are recorded.</param>
    /// <param name="changes">Whether changes are recorded.</param>
    /// <param name="reason">Why the changes are made.</param>
    internal static JsonValue Of(JsonValue operation, bool requests, bool changes, string? reason)
    {
        if (!requests && !changes)
            return operation;
        string[] records = [.. (requests ? ["requests"] : System.Array.Empty<string>()), .. (changes ? ["changes"] : System.Array.Empty<string>())];
        IEnumerable<KeyValuePair<string, JsonValue>> members = operation.Members.Append(new("records", JsonValue.Array(records)));
        return JsonValue.Object(reason is null ? members : members.Append(new("reason", reason)));
    }

    /// <summary>Whether a record is that of a change.</summary>
    internal static bool IsChange(JsonValue record) => record["record"]?.AsString() == "change";

#if NET8_0_OR_GREATER
    /// <summary>The source of an activity for each request. Its name is <c>AgentUser</c>.</summary>
    internal static readonly ActivitySource Source = new("AgentUser");

    /// <summary>Whether anybody listens to requests as activities.</summary>
    internal static bool IsTraced => Source.HasListeners();

    /// <summary>Shows a request that has ended as an activity.</summary>
    internal static void Trace(AgentUserRequestRecord record, ActivityContext parent)
    {
        using Activity? activity = Source.StartActivity(ActivityKind.Client, parent, startTime: record.Time, name: record.Method);
        if (activity is null)
            return;
        activity.SetTag("http.request.method", record.Method);
        activity.SetTag("url.path", record.Path);
        activity.SetTag("http.response.status_code", record.Status);
        activity.SetTag("http.request.resend_count", record.Attempt > 1 ? record.Attempt - 1 : null);
        if (record.Status is null or >= 400)
            activity.SetTag("error.type", record.Loss ?? record.Status?.ToString(System.Globalization.CultureInfo.InvariantCulture)).SetStatus(ActivityStatusCode.Error);
        activity.SetTag("agentuser.retry_after_ms", record.RetryAfter?.TotalMilliseconds);
        activity.SetTag("agentuser.client_request_id", record.ClientRequestId);
        activity.SetTag("agentuser.request_id", record.RequestId);
        activity.SetTag("agentuser.batch_id", record.BatchId);
        activity.SetTag("agentuser.run_id", record.RunId);
        activity.SetTag("agentuser.row", record.Row);
        activity.SetEndTime((record.Time + record.Duration).UtcDateTime);
    }
#else
    internal static bool IsTraced => false;
#endif
}
