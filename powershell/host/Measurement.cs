using System.Diagnostics;
using System.Globalization;

namespace AgentUsers.PowerShell.Host;

/// <summary>Measures the cost of the module: the engine with it minus the engine without it, each in separate processes.</summary>
internal static class Measurement
{
    private const int Times = 20;
    private const string FirstCall = "Test-AgentUser -IdentityParentId a1d00000-0000-4000-8000-000000000001 -DisplayName A -UserPrincipalName a@contoso.com";

    internal static int Run(string module)
    {
        module = Path.GetFullPath(module);
        string empty = EmptyModule();
        List<Sample> bare = [], nothing = [], whole = [], calls = [];
        for (var time = 0; time <= Times; time++)
        {
            Sample[] samples = [Child(), Child(empty), Child(module), Child(module, "call")];
            if (time == 0)
                continue; // The first run warms the disk's cache.
            bare.Add(samples[0]);
            nothing.Add(samples[1]);
            whole.Add(samples[2]);
            calls.Add(samples[3]);
        }
        Directory.Delete(empty, recursive: true);
        Console.WriteLine($"medians of {Times} processes, milliseconds on the clock and of the processor");
        Line("the engine, opened", bare, []);
        Line("a module without anything, minus the engine", nothing, bare);
        Line("this module, minus the engine", whole, bare);
        Line("this module, minus a module without anything", whole, nothing);
        Console.WriteLine($"{Median(whole, sample => sample.Printed[0]),8:F1}           Import-Module itself");
        Console.WriteLine($"{Median(calls, sample => sample.Printed[1]),8:F1}           the first call, which loads the native library");
        Console.WriteLine($"{Median(calls, sample => sample.Printed[2]),8:F1}           the second call");
        foreach (var file in Directory.EnumerateFiles(module, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            Console.WriteLine($"{new FileInfo(file).Length,10} bytes  {Path.GetRelativePath(module, file)}");
        return 0;
    }

    /// <summary>Makes an empty module, for the cost of any import in this engine, whose own code is compiled as it runs.</summary>
    private static string EmptyModule()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        File.WriteAllText(
            Path.Combine(folder, Path.GetFileName(folder) + ".psd1"),
            "@{ ModuleVersion = '1.0'; CmdletsToExport = @(); FunctionsToExport = @(); AliasesToExport = @(); VariablesToExport = @() }");
        return folder;
    }

    /// <summary>Runs in a separate process: opens the engine, imports the module if there is one, calls it twice if asked.</summary>
    internal static int Once(string[] what)
    {
        using var runspace = ScriptSession.Open(new ScriptHost(Console.Out, Console.Error));
        var scripts = new List<string>();
        if (what is [var module, ..])
        {
            scripts.Add($"Import-Module '{module}' -ErrorAction Stop");
        }
        if (what is [_, "call"])
        {
            scripts.Add(FirstCall);
            scripts.Add(FirstCall);
        }
        foreach (var script in scripts)
        {
            using var shell = System.Management.Automation.PowerShell.Create(runspace);
            var watch = Stopwatch.StartNew();
            shell.AddScript(script).Invoke();
            var elapsed = watch.Elapsed.TotalMilliseconds;
            if (shell.HadErrors)
            {
                Console.Error.WriteLine(shell.Streams.Error[0]);
                return 1;
            }
            Console.WriteLine(elapsed.ToString(CultureInfo.InvariantCulture));
        }
        Console.WriteLine(Process.GetCurrentProcess().TotalProcessorTime.TotalMilliseconds.ToString(CultureInfo.InvariantCulture));
        return 0;
    }

    private static Sample Child(params string[] what)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
            start.ArgumentList.Add(typeof(Measurement).Assembly.Location);
        start.ArgumentList.Add("once");
        foreach (var argument in what)
            start.ArgumentList.Add(argument);
        var watch = Stopwatch.StartNew();
        using var child = Process.Start(start)!;
        var printed = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        var elapsed = watch.Elapsed.TotalMilliseconds;
        if (child.ExitCode != 0)
        {
            throw new InvalidOperationException($"A measured process ended with {child.ExitCode}: {printed}");
        }
        double[] numbers = [.. printed.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => double.Parse(line, CultureInfo.InvariantCulture))];
        return new Sample(elapsed, numbers[^1], numbers[..^1]);
    }

    private static void Line(string what, List<Sample> samples, List<Sample> without)
    {
        double Difference(Func<Sample, double> value) => Median(samples, value) - (without.Count == 0 ? 0 : Median(without, value));
        Console.WriteLine($"{Difference(sample => sample.Elapsed),8:F1} {Difference(sample => sample.Processor),8:F1}  {what}");
    }

    private static double Median(List<Sample> samples, Func<Sample, double> value)
    {
        double[] values = [.. samples.Select(value).Order()];
        int middle = values.Length / 2;
        return values.Length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }

    /// <summary>The costs of a process: its elapsed and processor time, and the numbers it printed.</summary>
    private sealed record Sample(double Elapsed, double Processor, double[] Printed);
}
