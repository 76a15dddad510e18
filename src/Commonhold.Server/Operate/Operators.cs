using System.Text;
using Commonhold.Ethereum;
using Commonhold.Server.Operations;

namespace Commonhold.Server.Operate;

/// <summary>Who may act on this node: the accounts in the file <c>operators</c> of its directory, one a line, read again when it changes.</summary>
/// <remarks>Fails closed: a file that cannot be read, or a line that is no account, makes nobody an operator. `commonhold operator` writes it.</remarks>
internal sealed class Operators(NodeOptions options, ILogger<Operators> log)
{
    public const string FileName = "operators";

    /// <summary>Far more than a node has operators.</summary>
    private const int MaxBytes = 64 * 1024;

    private readonly Lock _gate = new();
    private (DateTime WrittenAt, long Length) _stamp;
    private HashSet<Address> _accounts = [];

    public bool Contains(Address? account) => account is { } known && Current().Contains(known);

    public int Count => Current().Count;

    private HashSet<Address> Current()
    {
        var file = new FileInfo(Path.Combine(options.DataDirectory, FileName));
        lock (_gate)
        {
            if (!file.Exists)
                (_stamp, _accounts) = (default, []);
            else if (_stamp != (file.LastWriteTimeUtc, file.Length))
                (_stamp, _accounts) = ((file.LastWriteTimeUtc, file.Length), Read(file));
            return _accounts;
        }
    }

    private HashSet<Address> Read(FileInfo file)
    {
        try
        {
            if (file.Length > MaxBytes)
                throw new FormatException($"It is longer than {MaxBytes} bytes.");
            return [.. Parse(File.ReadAllText(file.FullName, Encoding.UTF8))];
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or FormatException)
        {
            log.LogError("The list of operators {File} cannot be read, so nobody is one: {Reason}", file.FullName, problem.Message);
            return [];
        }
    }

    /// <exception cref="FormatException">A line is no account.</exception>
    public static IEnumerable<Address> Parse(string text) => text.Split('\n').Select(line => line.Split('#')[0].Trim()).Where(line => line.Length > 0).Select(Address.Parse);
}
