// Lists every agent user into typed objects and prints how long that took: AgentUser.Bench ENDPOINT TOKEN [PAGE-SIZE]
using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using AgentUsers;

if (args.Length is < 2 or > 3)
{
    Console.Error.WriteLine("usage: AgentUser.Bench ENDPOINT TOKEN [PAGE-SIZE]");
    return 2;
}
using var client = new AgentUserClient(new AgentUserClientOptions
{
    GraphEndpoint = new Uri(args[0]),
    TokenProvider = (_, _) => Task.FromResult(new GraphToken(args[1])),
});
var query = new AgentUserListQuery { PageSize = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 999 };
var watch = Stopwatch.StartNew();
TimeSpan first = default;
int count = 0;
await foreach (AgentUser user in client.ListAsync(query))
{
    if (count++ == 0)
        first = watch.Elapsed;
}
TimeSpan all = watch.Elapsed;
Console.WriteLine(FormattableString.Invariant(
    $"{count} agent users, {all.TotalMilliseconds:0} ms, first after {first.TotalMilliseconds:0} ms, peak {Peak() / 1024} MB, managed {GC.GetTotalMemory(forceFullCollection: true) / 1048576.0:0.0} MB"));
return 0;

// The process's peak memory in KiB. On Linux the kernel is asked, because .NET reports none there.
static long Peak() => File.Exists("/proc/self/status")
    ? long.Parse(
        File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2],
        CultureInfo.InvariantCulture)
    : Process.GetCurrentProcess().PeakWorkingSet64 / 1024;
