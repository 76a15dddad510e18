using Commonhold.Cli.Voice;

namespace Commonhold.Cli.Age;

/// <summary>Where bytes come from: a file, or standard input for none and for -.</summary>
internal static class AgeInput
{
    public static Stream Open(string? input, string? output)
    {
        if (input is null or "-") return Console.OpenStandardInput();
        if (output is not null && Path.GetFullPath(input) == Path.GetFullPath(output))
            throw new CommandFailedException("input and output are the same file", "-o OTHER", ExitCode.Usage);
        return new FileStream(input, new FileStreamOptions
        {
            // The age reader has buffers of its own.
            BufferSize = 0,
            Options = FileOptions.SequentialScan,
        });
    }
}
