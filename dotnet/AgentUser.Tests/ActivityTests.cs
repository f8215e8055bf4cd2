// Activities are of .NET 8 and later, as asynchronous lists are.
#if ASYNC_LISTS
using System;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace AgentUsers.Tests;

public sealed class ActivityTests
{
    [Fact]
    public async Task Each_request_is_an_activity_within_that_of_the_caller()
    {
        var stopped = new ConcurrentQueue<Activity>();
        using var caller = new Activity("caller");
        caller.Start();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "AgentUser",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            // Other tests run at the same time.
            ActivityStopped = activity =>
            {
                if (activity.TraceId == caller.TraceId)
                    stopped.Enqueue(activity);
            },
        };
        ActivitySource.AddActivityListener(listener);
        using Simulation simulation = Simulation.Start(Simulation.With(
            new AgentUserSimulatorFault("GET", "/users/", 1, "throttled", ("retryAfterSeconds", 1))));
        using AgentUserClient client = simulation.Client();
        AgentUserException missing = await Assert.ThrowsAsync<AgentUserException>(() => client.GetAsync("nobody@contoso.com"));
        Activity[] requests = [.. stopped];
        Assert.Equal([429, 404], requests.Select(request => request.GetTagItem("http.response.status_code")));
        Assert.All(requests, request =>
        {
            Assert.Equal("GET", request.DisplayName);
            Assert.Equal(ActivityKind.Client, request.Kind);
            Assert.Equal(caller.SpanId, request.ParentSpanId);
            Assert.Equal(ActivityStatusCode.Error, request.Status);
            Assert.Equal("/v1.0/users/nobody%40contoso.com", request.GetTagItem("url.path"));
            Assert.Equal(missing.Problem.RunId, request.GetTagItem("agentuser.run_id"));
            Assert.InRange(request.StartTimeUtc, caller.StartTimeUtc.AddSeconds(-1), DateTime.UtcNow);
            Assert.DoesNotContain(request.TagObjects, tag => tag.Value is string text && text.Contains(simulation.Simulator.Token, StringComparison.Ordinal));
        });
        Assert.Equal(["429", "404"], requests.Select(request => request.GetTagItem("error.type")));
        Assert.Equal([1000.0, null], requests.Select(request => request.GetTagItem("agentuser.retry_after_ms")));
        Assert.Equal([null, 1], requests.Select(request => request.GetTagItem("http.request.resend_count")));
        Assert.Equal(missing.Problem.ClientRequestId, requests[1].GetTagItem("agentuser.client_request_id"));
        Assert.Same(caller, Activity.Current);
    }
}
#endif
