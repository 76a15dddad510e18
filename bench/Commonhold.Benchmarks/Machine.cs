using System.Globalization;
using System.Runtime.InteropServices;

namespace Commonhold.Benchmarks;

/// <summary>Where a figure was measured, and how much memory a process used.</summary>
internal static partial class Machine
{
    internal static string Describe() =>
        $"{Processor()}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}";

    /// <summary>The most memory this process has had resident so far, in MiB.</summary>
    internal static double PeakMemory() => Status("VmHWM:");

    /// <summary>The memory this process has resident now, in MiB.</summary>
    internal static double ResidentMemory() => Status("VmRSS:");

    /// <summary>Begins the peak anew: proc(5), clear_refs.</summary>
    internal static void ForgetPeakMemory() => File.WriteAllText("/proc/self/clear_refs", "5");

    private static double Status(string name) => double.Parse(
        File.ReadLines("/proc/self/status").First(line => line.StartsWith(name, StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;

    /// <summary>Processor seconds of all child processes that have ended: on a busy machine it says more than the clock.</summary>
    internal static double ChildrenSeconds()
    {
        Span<long> usage = stackalloc long[18];
        return GetResourceUsage(-1, usage) == 0
            ? usage[0] + usage[2] + ((usage[1] + usage[3]) / 1e6)
            : throw new InvalidOperationException("getrusage failed.");
    }

    // Two timevals (user, system), then fourteen numbers that are not read.
    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int GetResourceUsage(int who, Span<long> usage);

    /// <summary>The root of the repository that this program was built in.</summary>
    internal static string Repository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Commonhold.slnx")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException("The benchmarks run inside the repository; there is no Commonhold.slnx above this program.");
    }

    private static string Processor() => File.Exists("/proc/cpuinfo")
        ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(": ", 2)[^1] ?? "unknown processor"
        : "unknown processor";
}
