using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace AgentUsers.Tests;

/// <summary>Calls are pumped by the thread that waits, as PowerShell's pipeline does.</summary>
public sealed class PumpedCallTests
{
    private static NativeClient Client(Simulation simulation) =>
        new(new AgentUserClientOptions { GraphEndpoint = simulation.Simulator.Endpoint });

    /// <summary>All results but time-outs, to the end. A demand for a token is answered.</summary>
    private static List<WaitResult> Pump(NativeClient client, PumpedCall call, Func<WaitResult, string?>? token = null)
    {
        var said = new List<WaitResult>();
        while (true)
        {
            WaitResult result = call.Wait(1000);
            if (result.Kind == WaitKind.Timeout)
                continue;
            said.Add(result);
            if (result.Kind == WaitKind.Demand && token?.Invoke(result) is { } text)
                client.Answer(result.Demand!.Id, DemandAnswer.Of(text));
            if (result.Kind is WaitKind.Done or WaitKind.Failed)
                return said;
        }
    }

    [Fact]
    public void Everything_is_said_to_the_thread_that_waits()
    {
        using Simulation simulation = Simulation.Start();
        using NativeClient client = Client(simulation);
        using PumpedCall roster = PumpedCall.Start(client, Operations.ApplyRoster(), Simulation.Roster(3));
        List<WaitResult> said = Pump(client, roster, _ => simulation.Simulator.Token);
        Assert.Equal(WaitKind.Demand, said[0].Kind);
        Assert.Single(said, one => one.Kind == WaitKind.Demand);
        Assert.Equal([2, 3, 4], said.Where(one => one.Kind == WaitKind.Report).Select(one => one.Report!.Row!.Value).Order());
        Assert.Contains(said, one => one.Kind == WaitKind.Progress);
        Assert.Equal(3, RosterSummary.From(said[^1].Result).Created);
        Assert.Throws<ObjectDisposedException>(() => roster.Wait(0));

        using PumpedCall list = PumpedCall.Start(client, Operations.List(pageSize: 2));
        said = Pump(client, list);
        Assert.Equal(4, said.Where(one => one.Kind == WaitKind.Page).Sum(one => one.AgentUsers.Count));
        Assert.Equal(4, said[^1].Result["count"]!.AsInt64());

        using PumpedCall get = PumpedCall.Start(client, Operations.Get("row1@contoso.com"));
        Assert.Equal("row1@contoso.com", Assert.Single(Pump(client, get)[^1].AgentUsers).UserPrincipalName);

        using PumpedCall nobody = PumpedCall.Start(client, Operations.Get("nobody@contoso.com"));
        Assert.Equal("NotFound", Pump(client, nobody)[^1].Problem!.Code);
    }

    [Fact]
    public void A_token_for_one_call_serves_another_that_waits()
    {
        using Simulation simulation = Simulation.Start();
        using NativeClient client = Client(simulation);
        using PumpedCall first = PumpedCall.Start(client, Operations.Get("first.agent@contoso.com"));
        using PumpedCall second = PumpedCall.Start(client, Operations.Get("first.agent@contoso.com"));
        Assert.Equal(WaitKind.Demand, first.Wait(-1).Kind);
        Assert.Equal(WaitKind.Demand, second.Wait(-1).Kind);
        client.SetToken(Encoding.UTF8.GetBytes(simulation.Simulator.Token), 0);
        Assert.Equal(WaitKind.Done, second.Wait(-1).Kind);
        Assert.Equal(WaitKind.Done, first.Wait(-1).Kind);
    }

    [Fact]
    public void A_token_that_can_not_be_had_ends_one_call()
    {
        using Simulation simulation = Simulation.Start();
        using NativeClient client = Client(simulation);
        using PumpedCall first = PumpedCall.Start(client, Operations.Get("first.agent@contoso.com"));
        using PumpedCall second = PumpedCall.Start(client, Operations.Get("first.agent@contoso.com"));
        Assert.Equal(WaitKind.Demand, first.Wait(-1).Kind);
        Assert.Equal(WaitKind.Demand, second.Wait(-1).Kind);
        first.DemandFailed("nobody signs in");
        WaitResult end = first.Wait(-1);
        Assert.Equal(WaitKind.Failed, end.Kind);
        Assert.Contains("nobody signs in", end.Problem!.Message, StringComparison.Ordinal);
        Assert.Equal(WaitKind.Timeout, second.Wait(0).Kind);
        client.SetToken(Encoding.UTF8.GetBytes(simulation.Simulator.Token), 0);
        Assert.Equal(WaitKind.Done, second.Wait(-1).Kind);
    }

    [Fact]
    public async Task Cancelling_and_disposing_from_another_thread_end_a_wait_at_once()
    {
        using Simulation simulation = Simulation.Start(Simulation.With(
            new AgentUserSimulatorFault("GET", "row", 1, "throttled", ("retryAfterSeconds", 600)),
            new AgentUserSimulatorFault("GET", "row", 2, "throttled", ("retryAfterSeconds", 600))));
        // Two clients, because all calls of one client share what it learns of throttling.
        using NativeClient client = Client(simulation), another = Client(simulation);
        client.SetToken(Encoding.UTF8.GetBytes(simulation.Simulator.Token), 0);
        another.SetToken(Encoding.UTF8.GetBytes(simulation.Simulator.Token), 0);
        using PumpedCall cancelled = PumpedCall.Start(client, Operations.Get("row1@contoso.com"));
        Assert.Equal(WaitKind.Progress, cancelled.Wait(-1).Kind);
        Task<WaitResult> wait = Task.Run(() => cancelled.Wait(60_000));
        cancelled.Cancel();
        cancelled.Cancel();
        WaitResult end = await wait.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.True(end.Problem!.IsCancellation, end.Problem.ToString());

        PumpedCall disposed = PumpedCall.Start(another, Operations.Get("row2@contoso.com"));
        Assert.Equal(WaitKind.Progress, disposed.Wait(-1).Kind);
        wait = Task.Run(() =>
        {
            while (true)
            {
                if (!IsBusy(() => disposed.Wait(60_000), out WaitResult? result))
                    return result!;
            }
        });
        // Only one thread may wait: this one is refused while the other waits.
        while (!IsBusy(() => disposed.Wait(0), out _))
            await Task.Yield();
        disposed.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => wait.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Throws<ObjectDisposedException>(() => disposed.Wait(0));
        Assert.Throws<ObjectDisposedException>(disposed.Cancel);
        disposed.Dispose();
    }

    private static bool IsBusy(Func<WaitResult> wait, out WaitResult? result)
    {
        result = null;
        try
        {
            result = wait();
            return false;
        }
        catch (InvalidOperationException error) when (error is not ObjectDisposedException)
        {
            Assert.Contains("BUSY", error.Message, StringComparison.Ordinal);
            return true;
        }
    }

    [Fact]
    public void A_call_outlives_its_client()
    {
        using Simulation simulation = Simulation.Start();
        NativeClient client = Client(simulation);
        client.SetToken(Encoding.UTF8.GetBytes(simulation.Simulator.Token), 0);
        using PumpedCall call = PumpedCall.Start(client, Operations.Get("first.agent@contoso.com"));
        client.Dispose();
        Assert.Equal(WaitKind.Done, Pump(client, call)[^1].Kind);
        Assert.Throws<ObjectDisposedException>(() => PumpedCall.Start(client, Operations.Skus()));
    }
}
