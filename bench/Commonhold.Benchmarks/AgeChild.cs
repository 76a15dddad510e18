using System.Diagnostics;
using System.Globalization;
using Commonhold.Age;

namespace Commonhold.Benchmarks;

/// <summary>One job in a process of its own: `age-child idle|encrypt|decrypt KEYFILE INPUT OUTPUT`.</summary>
/// <remarks>Prints seconds and peak memory. The clock starts inside, as the runtime's start is not the file's cost; both are reported.</remarks>
internal static class AgeChild
{
    internal const string Verb = "age-child";

    internal static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        if (args[0] != "idle")
        {
            using var key = KeyFile.ReadIdentities(new StringReader(await File.ReadAllTextAsync(args[1], cancellationToken)))[0];
            await using var input = new FileStream(args[2], new FileStreamOptions { BufferSize = 0, Options = FileOptions.SequentialScan });
            await using var output = new FileStream(args[3], new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0 });
            if (args[0] == "encrypt")
                await AgeFile.EncryptAsync(input, output, [key.Recipient], cancellationToken: cancellationToken);
            else
                await AgeFile.DecryptAsync(input, output, [key], cancellationToken: cancellationToken);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalSeconds} {Machine.PeakMemory()}"));
        return 0;
    }
}
