using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Threading.Tasks;
using Xunit;

namespace AgentUsers.Tests;

/// <summary>The native library is looked for in the right files, and its absence is explained.</summary>
public sealed class LibraryTests
{
    [Fact]
    public void Platform_folders_are_tried_in_order_by_full_path()
    {
        string folder = Path.GetTempPath();
        var candidates = NativeLibraryFiles.Candidates(null, folder);
        string os = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";
        string platform = $"{os}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
        Assert.StartsWith(Path.Combine(folder, "runtimes", platform, "native"), candidates[0], StringComparison.Ordinal);
        Assert.StartsWith(Path.Combine(folder, platform), candidates[1], StringComparison.Ordinal);
        Assert.All(candidates, file => Assert.True(Path.IsPathRooted(file)));
        Assert.Equal(candidates.Distinct(), candidates);
    }

    [Fact]
    public void A_chosen_file_is_the_only_one_tried()
    {
        var error = Assert.Throws<AgentUserLibraryException>(() => NativeFunctions.Load("/nowhere/libagentuser.so", AppContext.BaseDirectory));
        string tried = Assert.Single(error.Tried);
        Assert.Contains("/nowhere/libagentuser.so", tried, StringComparison.Ordinal);
        Assert.Contains("does not exist", tried, StringComparison.Ordinal);
        Assert.Contains(tried, error.Message, StringComparison.Ordinal);
        Assert.Contains(NativeLibraryFiles.Override, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("libagentuser.so")]
    [InlineData("./libagentuser.so")]
    [InlineData("../x/agentuser.dll")]
    [InlineData("C:agentuser.dll")]
    public void A_chosen_file_without_a_full_path_is_not_loaded(string chosen)
    {
        var error = Assert.Throws<AgentUserLibraryException>(() => NativeFunctions.Load(chosen, AppContext.BaseDirectory));
        Assert.Equal($"{chosen}: is not a full path", Assert.Single(error.Tried));
    }

    [Fact]
    public void An_elevated_process_takes_no_choice_from_its_environment()
    {
        Assert.Equal(NativeLibraryFiles.IsElevated, OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess);
        Assert.Equal(NativeLibraryFiles.IsElevated, NativeLibraryFiles.Chosen is null);
    }

    [Fact]
    public void Without_a_choice_the_error_lists_every_place()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        var error = Assert.Throws<AgentUserLibraryException>(() => NativeFunctions.Load(null, folder));
        Assert.Equal(NativeLibraryFiles.Candidates(null, folder).Count, error.Tried.Count);
        Assert.All(NativeLibraryFiles.Candidates(null, folder), file => Assert.Contains(file, error.Message, StringComparison.Ordinal));
        Directory.Delete(folder);
    }

    [Fact]
    public void A_file_that_is_no_library_and_one_that_is_another_are_named_with_the_reason()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        string text = Path.Combine(folder, "text.so");
        File.WriteAllText(text, "no library");
        string tried = Assert.Single(Assert.Throws<AgentUserLibraryException>(() => NativeFunctions.Load(text, folder)).Tried);
        Assert.StartsWith(text + ": ", tried, StringComparison.Ordinal);
        Assert.DoesNotContain("does not exist", tried, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);

        string other = Directory.GetFiles(RuntimeEnvironment.GetRuntimeDirectory(), "*System.Native*").First(file => !file.EndsWith(".dbg", StringComparison.Ordinal) && !file.EndsWith(".a", StringComparison.Ordinal));
        tried = Assert.Single(Assert.Throws<AgentUserLibraryException>(() => NativeFunctions.Load(other, folder)).Tried);
        Assert.Contains("agentuser_abi_version", tried, StringComparison.Ordinal);
    }

    [Fact]
    public void Loading_it_twice_gives_the_same_functions()
    {
        NativeFunctions functions = NativeFunctions.Instance;
        Assert.Same(functions, NativeFunctions.Instance);
        // Loaded by path again, as another assembly in the process would, the library is the same.
        var again = NativeFunctions.Load(functions.File, AppContext.BaseDirectory);
        unsafe
        {
            Assert.Equal((nint)functions.CallWait, (nint)again.CallWait);
            string version = typeof(AgentUserClient).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
            Assert.Equal(version.Split('+')[0], functions.Version().ToString());
        }
    }

    [Fact]
    public async Task A_program_that_lacks_it_says_what_it_tried()
    {
        ProcessStartInfo start = Example.Start("Roster", "http://127.0.0.1:1", "token", Path.Combine(Simulation.Root, "examples", "roster.csv"));
        start.Environment[NativeLibraryFiles.Override] = "/nowhere/agentuser.so";
        (int code, _, string errors) = await Example.RunAsync(start);
        Assert.NotEqual(0, code);
        Assert.Contains("/nowhere/agentuser.so: does not exist", errors, StringComparison.Ordinal);
    }
}
