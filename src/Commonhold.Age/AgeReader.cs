namespace Commonhold.Age;

/// <summary>A file whose header has been read and whose payload has not: for callers who must fetch the key first.</summary>
public sealed class AgeReader
{
    private const int ReadSize = 4096;
    private readonly InputReader input;
    private readonly AgeOptions options;

    private AgeReader(AgeHeader header, InputReader input, AgeOptions options)
    {
        Header = header;
        this.input = input;
        this.options = options;
    }

    public AgeHeader Header { get; }

    /// <summary>Reads the header, and at most a few kilobytes after it, from a binary or armored file.</summary>
    public static async Task<AgeReader> OpenAsync(
        Stream file, AgeOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= AgeOptions.Default;
        var first = new byte[1];
        var length = await file.ReadAsync(first, cancellationToken);
        var input = new InputReader(file);
        input.PushBack(first.AsMemory(0, length));
        // A binary file begins with a letter, an armored one with a dash or white space.
        if (length == 1 && first[0] is (byte)'-' or (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            input = new InputReader(new ArmorReader(input));
        return await OpenAsync(input, options, cancellationToken);
    }

    internal static async Task<AgeReader> OpenAsync(InputReader input, AgeOptions options, CancellationToken cancellationToken)
    {
        var buffer = new byte[ReadSize];
        var length = 0;
        while (true)
        {
            var read = await input.ReadSomeAsync(buffer.AsMemory(length), cancellationToken);
            var searchFrom = Math.Max(0, length - 4);
            length += read;
            if (read == 0 || EndsHeader(buffer.AsSpan(0, length), searchFrom)) break;
            if (length < HeaderParser.VersionLine.Length
                    ? !HeaderParser.VersionLine.StartsWith(buffer.AsSpan(0, length))
                    : !buffer.AsSpan().StartsWith(HeaderParser.VersionLine)) break;
            if (length > options.Limits.MaxHeaderBytes) throw HeaderParser.TooLarge(options.Limits);
            if (length == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
        }

        var header = AgeHeader.Parse(buffer.AsSpan(0, length), options.Limits);
        input.PushBack(buffer.AsMemory(header.Length, length - header.Length));
        return new AgeReader(header, input, options);
    }

    /// <summary>Decrypts the payload to <paramref name="output"/>, once.</summary>
    public async Task DecryptAsync(
        Stream output, IReadOnlyList<IAgeIdentity> identities, CancellationToken cancellationToken = default)
    {
        using var key = AgeFile.FindKey(Header, identities);
        var nonce = new byte[PayloadKey.NonceSize];
        if (await input.ReadFullAsync(nonce, cancellationToken) < nonce.Length)
            throw HeaderParser.Malformed("it ends before the payload's nonce");
        using var payloadKey = new PayloadKey(key, nonce);
        await new PayloadPipeline(input, output, payloadKey, opens: true, options.Parallelism).RunAsync(cancellationToken);
    }

    private static bool EndsHeader(ReadOnlySpan<byte> read, int searchFrom)
    {
        var mark = read[searchFrom..].IndexOf("\n---"u8);
        if (mark < 0) mark = read.IndexOf("\n---"u8) - searchFrom;
        return mark + searchFrom >= 0 && read[(searchFrom + mark + 1)..].Contains((byte)'\n');
    }
}
