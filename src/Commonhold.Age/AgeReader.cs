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
        var (length, macLine) = (0, -1);
        while (true)
        {
            var read = await input.ReadSomeAsync(buffer.AsMemory(length), cancellationToken);
            // A mark may lie across two reads; what was searched before is not searched again.
            var fresh = Math.Max(0, length - "\n--".Length);
            length += read;
            if (macLine < 0 && buffer.AsSpan(fresh, length - fresh).IndexOf("\n---"u8) is >= 0 and var mark) macLine = fresh + mark + 1;
            var ended = macLine >= 0 && buffer.AsSpan(Math.Max(fresh, macLine)..length).Contains((byte)'\n');
            if (read == 0 || ended || !MayBeAge(buffer.AsSpan(0, length))) break;
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
        await PayloadPipeline.RunAsync(input, output, payloadKey, opens: true, options.Parallelism, cancellationToken);
    }

    private static bool MayBeAge(ReadOnlySpan<byte> start) => start.Length < HeaderParser.VersionLine.Length
        ? HeaderParser.VersionLine.StartsWith(start)
        : start.StartsWith(HeaderParser.VersionLine);
}
