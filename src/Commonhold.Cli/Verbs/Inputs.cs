using System.CommandLine;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Commonhold.Cli.Keys;
using Commonhold.Cli.Voice;
using Commonhold.Client;
using Commonhold.Ethereum;

namespace Commonhold.Cli.Verbs;

/// <summary>Options that several verbs share, and how a person's text becomes a value.</summary>
internal static class Inputs
{
    public static Option<string> Key() => new("--key") { Description = "Which of your keys acts.", HelpName = "NAME", DefaultValueFactory = _ => KeyRing.DefaultName };

    public static Option<string?> Account() => new("--account") { Description = "Somebody else's account instead of your key's.", HelpName = "0x…" };

    /// <summary>`90s`, `15m`, `12h`, `30d`.</summary>
    public static ulong Duration(string text, string option)
    {
        ulong unit = text.Length == 0 ? 0 : text[^1] switch { 's' => 1UL, 'm' => 60, 'h' => 3_600, 'd' => 86_400, _ => 0 };
        if (unit != 0 && uint.TryParse(text.AsSpan(..^1), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0)
            return count * unit;
        throw new CommandFailedException($"'{text}' is not a duration", $"{option} takes a number with s, m, h or d: {option} 30d", ExitCode.Usage);
    }

    /// <summary>An amount in whole units, such as `12.5`, in the currency's smallest.</summary>
    public static Wei Amount(string text, int decimals, string option)
    {
        var parts = text.Split('.');
        var fraction = parts.Length == 2 ? parts[1] : "";
        if (parts.Length <= 2 && parts[0].Length is > 0 and <= 30 && fraction.Length <= decimals && (parts[0] + fraction).All(char.IsAsciiDigit)
            && (parts.Length == 1 || fraction.Length > 0))
            return new Wei(BigInteger.Parse(parts[0] + fraction.PadRight(decimals, '0'), CultureInfo.InvariantCulture));
        throw new CommandFailedException($"'{text}' is not an amount with at most {decimals} decimals", $"{option} 1000 or {option} 12.5", ExitCode.Usage);
    }

    public static Address Address(string text, string option) => Ethereum.Address.TryParse(text, out var address)
        ? address
        : throw new CommandFailedException($"'{text}' is not an account", $"{option} takes 0x and 40 digits; mixed case must carry a right checksum", ExitCode.Usage);

    public static Bytes32 Digest(string text, string what) => Bytes32.TryParse(text, out var digest)
        ? digest
        : throw new CommandFailedException($"'{text}' is not {what}", "0x and 64 hexadecimal digits", ExitCode.Usage);

    /// <summary>SHA-256 of what somebody wrote: the chain keeps the digest, the parties keep the text.</summary>
    public static Bytes32 DigestOfText(string text) => Bytes32.FromSpan(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>A proposal by its number or by enough of its first digits.</summary>
    public static async Task<ProposalView> ProposalAsync(Session session, string text, CancellationToken cancellationToken)
    {
        if (text.Length == 0 || text.Length > 78 || !text.All(char.IsAsciiDigit))
            throw new CommandFailedException($"'{text}' is not a proposal's number", "commonhold propose list", ExitCode.Usage);
        var found = (await session.Node.ListProposalsAsync(50, cancellationToken).ConfigureAwait(false))
            .Where(p => p.ProposalId.StartsWith(text, StringComparison.Ordinal)).ToList();
        return found.Count switch
        {
            1 => found[0],
            0 when text.Length > 70 => await session.Node.GetProposalAsync(BigInteger.Parse(text, CultureInfo.InvariantCulture), cancellationToken).ConfigureAwait(false),
            0 => throw new CommandFailedException($"there is no proposal {text}", "commonhold propose list", ExitCode.Refused),
            _ => throw new CommandFailedException($"{found.Count} proposals begin with {text}", "give more digits", ExitCode.Usage),
        };
    }

    /// <summary>The proposal's calls, whose digest must be its number: the node cannot show one thing and let another be voted on.</summary>
    public static Proposal Proved(ProposalView view)
    {
        var proposal = new Proposal(
            [.. view.Actions.Select(a => a.Target)], [.. view.Actions.Select(a => BigInteger.Parse(a.Value, NumberStyles.None, CultureInfo.InvariantCulture))],
            [.. view.Actions.Select(a => (ReadOnlyMemory<byte>)Hex.Decode(a.Calldata))], view.Description);
        return proposal.Id.ToString(CultureInfo.InvariantCulture) == view.ProposalId
            ? proposal
            : throw new CommandFailedException(new Refusal("proposal.altered", $"The node shows other actions than those of proposal {view.ProposalId}.", "Do not use this node."));
    }
}
