using System.IO.Compression;
using System.Text.Json;
using Commonhold.Age;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Tests.Client;
using Commonhold.Validator;
using Commonhold.Validator.Ownership;
using Commonhold.Validator.State;
using Microsoft.Extensions.Logging.Abstractions;

namespace Commonhold.Tests.Validator;

public sealed class ValidatorProcessTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("commonhold-validator").FullName;
    private readonly FakeDao _dao = new();
    private readonly List<IOwnershipProof> _proofs = [];
    private readonly ValidatorKey _key = ValidatorKey.Generate();
    private readonly MemberKey _alice = MemberKey.Generate();
    private readonly MemberKey _bob = MemberKey.Generate();

    public ValidatorProcessTests() => _dao.Validators.Add(new ValidatorInfo(_key.Address));

    private X25519Recipient TicketsTo => _key.Identity.Recipient;

    [Fact]
    public async Task An_honest_contribution_is_accepted_and_earns_points()
    {
        await _dao.SubmitAsync(_alice, await CleanAsync(), TicketsTo);
        VerdictSubmission verdict = await VerdictAsync();
        Report report = ReportOf(verdict);
        Assert.True(verdict.Accepted, report.Refusal?.ToString());
        Assert.True(verdict.Points > Points.Zero);
        Assert.NotEqual(Bytes32.Zero, verdict.Nullifier);
        Assert.All(report.Checks, check => Assert.NotEqual(CheckOutcome.Failed, check.Outcome));
        Assert.Equal(verdict.Points.Value, report.Value.Aggregate(UInt128.Zero, (sum, part) => sum + part.Points.Value));
    }

    [Fact]
    public async Task A_signature_by_someone_else_is_refused()
    {
        await _dao.SubmitAsync(_alice, await CleanAsync(), TicketsTo, signer: _bob.Account);
        await RefusedAsync("contribution.signature_invalid");
    }

    [Fact]
    public async Task A_signature_for_another_chain_is_refused()
    {
        CommonholdDomain other = new(1, _dao.Info.Contracts.Registry);
        await _dao.SubmitAsync(_alice, await CleanAsync(), TicketsTo, spoilSigned: s => s with { Signature = s.Sign(_alice.Account, other) });
        await RefusedAsync("contribution.signature_invalid");
    }

    [Theory]
    [InlineData("stale", "ticket.stale")]
    [InlineData("schema", "contribution.other_schema")]
    [InlineData("epoch", "contribution.other_epoch")]
    [InlineData("share", "ticket.share_mismatch")]
    [InlineData("smaller", "contribution.size_mismatch")]
    [InlineData("larger", "contribution.size_mismatch")]
    [InlineData("huge", "contribution.too_large")]
    public async Task Terms_that_do_not_fit_the_file_are_refused(string what, string code)
    {
        await _dao.SubmitAsync(_alice, await CleanAsync(), TicketsTo, terms => what switch
        {
            "stale" => terms with { Deadline = FakeDao.ChainTime - 1 },
            "schema" => terms with { Schema = Schema.Hash("other") },
            "epoch" => terms with { KeyEpoch = 2 },
            "share" => terms with { EphemeralShare = Keccak256.Hash("copied"u8) },
            "smaller" => terms with { Size = terms.Size - 1 },
            "larger" => terms with { Size = terms.Size + 1 },
            _ => terms with { Size = long.MaxValue },
        });
        await RefusedAsync(code);
    }

    [Fact]
    public async Task A_file_for_another_dataset_is_refused()
    {
        using X25519Identity other = X25519Identity.Generate();
        await _dao.SubmitAsync(_alice, await CleanAsync(), TicketsTo, dataset: other.Recipient);
        await RefusedAsync("contribution.wrong_recipient");
    }

    [Fact]
    public async Task A_ticket_for_someone_else_is_refused()
    {
        using X25519Identity other = X25519Identity.Generate();
        await _dao.SubmitAsync(_alice, await CleanAsync(), other.Recipient);
        await RefusedAsync("ticket.unreadable");
    }

    [Fact]
    public async Task A_stanza_copied_from_another_members_file_is_refused()
    {
        byte[] plaintext = await CleanAsync();
        Bytes32 victim = await _dao.SubmitAsync(_alice, plaintext, TicketsTo);
        Assert.True((await VerdictAsync()).Accepted);
        byte[] stolen = _dao.Blobs[victim];
        Bytes32 share = Bytes32.FromSpan(AgeHeader.Parse(stolen).X25519Shares[0].Span);

        // The thief signs the victim's share over a file of its own; without r the ticket cannot match.
        await _dao.SubmitAsync(_bob, await CleanAsync(1), TicketsTo, terms => terms with { EphemeralShare = share });
        await RefusedAsync("ticket.share_mismatch");
    }

    [Fact]
    public async Task A_bit_flipped_anywhere_in_the_file_is_refused()
    {
        Bytes32 digest = await _dao.SubmitAsync(_alice, await CleanAsync(), TicketsTo);
        byte[] flipped = [.. _dao.Blobs[digest]];
        flipped[^1] ^= 1;
        _dao.Blobs[digest] = flipped;
        await RefusedAsync("age.chunk");
    }

    [Fact]
    public async Task What_is_no_export_is_refused_by_the_exports_own_code()
    {
        await _dao.SubmitAsync(_alice, "not a zip at all"u8.ToArray(), TicketsTo);
        VerdictSubmission verdict = await VerdictAsync();
        Assert.False(verdict.Accepted);
        Assert.StartsWith("export.", ReportOf(verdict).Refusal!.Code, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_export_that_was_not_cleaned_is_refused()
    {
        await _dao.SubmitAsync(_alice, await Members.ExportAsync(), TicketsTo);
        await RefusedAsync("export.not_cleaned");
    }

    [Fact]
    public async Task The_same_export_zipped_again_is_refused()
    {
        byte[] export = await CleanAsync();
        await _dao.SubmitAsync(_alice, export, TicketsTo);
        Assert.True((await VerdictAsync()).Accepted);
        await _dao.SubmitAsync(_alice, ZipAgain(export), TicketsTo);
        await RefusedAsync("contribution.duplicate");
    }

    [Fact]
    public async Task A_top_up_pays_only_for_what_is_new_and_the_whole_pays_the_same_at_once()
    {
        byte[] whole = await CleanAsync(rows: 40);
        byte[] part = WithoutRows(whole, "comments.csv", 15);
        await _dao.SubmitAsync(_alice, part, TicketsTo);
        VerdictSubmission first = await VerdictAsync();
        Assert.True(first.Accepted, ReportOf(first).Refusal?.ToString());
        await _dao.SubmitAsync(_alice, whole, TicketsTo);
        VerdictSubmission second = await VerdictAsync();
        Assert.True(second.Accepted, ReportOf(second).Refusal?.ToString());
        Assert.True(second.Points > Points.Zero && second.Points < first.Points);
        Assert.Equal(first.Nullifier, second.Nullifier);

        // Another validator that sees the whole at once pays as much as this one paid in two steps.
        string elsewhere = Path.Combine(_directory, "elsewhere");
        await _dao.SubmitAsync(_alice, whole, TicketsTo);
        VerdictSubmission atOnce = Assert.Single(await RunAsync(elsewhere));
        Assert.Equal(first.Points + second.Points, atOnce.Points);
    }

    [Fact]
    public async Task The_same_account_under_another_wallet_is_refused()
    {
        await _dao.SubmitAsync(_alice, await CleanAsync(), TicketsTo);
        Assert.True((await VerdictAsync()).Accepted);
        await _dao.SubmitAsync(_bob, await CleanAsync(), TicketsTo);
        await RefusedAsync("account.other_owner");
    }

    [Fact]
    public async Task A_verdict_lost_on_the_way_or_by_a_kill_is_given_again_to_the_byte()
    {
        await _dao.SubmitAsync(_alice, await CleanAsync(), TicketsTo);
        VerdictSubmission? lost = null;
        _dao.BeforeVerdict = verdict =>
        {
            lost = verdict;
            throw new CommonholdException("the line broke", isTransient: true);
        };
        Assert.Empty(await RunAsync());

        _dao.BeforeVerdict = null;
        VerdictSubmission again = await VerdictAsync();
        Assert.Equal(lost!.ToSigned(), again.ToSigned());
        Assert.Equal(lost.Report, again.Report);
    }

    [Fact]
    public async Task A_blob_that_the_node_cannot_give_costs_the_member_nothing()
    {
        Bytes32 digest = await _dao.SubmitAsync(_alice, await CleanAsync(), TicketsTo);
        byte[] blob = _dao.Blobs[digest];
        _dao.Blobs.Remove(digest);
        Assert.Empty(await RunAsync());
        _dao.Blobs[digest] = blob;
        Assert.True((await VerdictAsync()).Accepted);
    }

    [Fact]
    public async Task Another_dao_behind_the_same_state_is_not_worked_for()
    {
        await RunAsync();
        _dao.Tell = dao => dao with { Contracts = dao.Contracts with { Registry = _alice.Address } };
        await _dao.SubmitAsync(_alice, await CleanAsync(), TicketsTo);
        CommonholdException e = await Assert.ThrowsAsync<CommonholdException>(() => RunAsync());
        Assert.Equal("validator.other_dao", e.Refusal!.Code);
    }

    [Fact]
    public async Task A_validators_key_comes_back_from_its_file_with_the_shared_key()
    {
        string file = Path.Combine(_directory, "validator.age");
        _key.Save(file, "p", workFactor: 4);
        using ValidatorKey loaded = ValidatorKey.Load(file, "p");
        using ValidatorKey second = ValidatorKey.Generate(_key.ExportNullifierKey());
        Assert.Equal((_key.Address, _key.ExportNullifierKey()), (loaded.Address, loaded.ExportNullifierKey()));
        Assert.Equal(_key.ExportNullifierKey(), second.ExportNullifierKey());
        Assert.Throws<FormatException>(() => ValidatorKey.Generate("0x00"));
        await Task.CompletedTask;
    }

    public void Dispose()
    {
        _key.Dispose();
        _alice.Dispose();
        _bob.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private static async Task<byte[]> CleanAsync(int account = 0, int rows = 30) => Members.Cleaned(await Members.ExportAsync(account, rows));

    private static Report ReportOf(VerdictSubmission verdict) => JsonSerializer.Deserialize(verdict.Report, WireJson.Default.Report)!;

    private async Task RefusedAsync(string code)
    {
        VerdictSubmission verdict = await VerdictAsync();
        Report report = ReportOf(verdict);
        Assert.Equal(code, report.Refusal?.Code);
        Assert.Equal((false, Points.Zero), (verdict.Accepted, verdict.Points));
        Assert.Contains(report.Checks, check => check.Outcome == CheckOutcome.Failed);
    }

    private async Task<VerdictSubmission> VerdictAsync() => Assert.Single(await RunAsync());

    /// <summary>One round of a validator that was just started on the state on disk.</summary>
    private async Task<IReadOnlyList<VerdictSubmission>> RunAsync(string? directory = null)
    {
        int before = _dao.Verdicts.Count;
        using ValidatorState state = ValidatorState.Open(directory ?? _directory);
        using ValidatorProcess process = new(
            _dao, _dao, _key, state, new OwnershipLadder(_proofs), new ValidatorOptions { StateDirectory = _directory }, TimeProvider.System, NullLogger<ValidatorProcess>.Instance);
        await process.RunOnceAsync(default);
        return _dao.Verdicts[before..];
    }

    /// <summary>An earlier export of the account: the last rows of a file and of its headers are not there yet.</summary>
    private static byte[] WithoutRows(byte[] export, string file, int rows) => Rezip(export, (name, text) =>
    {
        if (name == "checkfile.csv")
            return string.Concat(text.Split("\r\n").Where(l => l.Length > 0 && !l.StartsWith("comment", StringComparison.Ordinal)).Select(l => l + "\r\n"));
        if (name != file && name != file.Replace("comments", "comment_headers", StringComparison.Ordinal))
            return text;
        string[] lines = text.TrimEnd().Split("\r\n");
        return string.Join("\r\n", lines[..^rows]) + "\r\n";
    });

    private static byte[] Rezip(byte[] export, Func<string, string, string> change)
    {
        using ZipArchive from = new(new MemoryStream(export));
        using MemoryStream target = new();
        using (ZipArchive to = new(target, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (ZipArchiveEntry entry in from.Entries)
            {
                using StreamReader source = new(entry.Open());
                using StreamWriter copy = new(to.CreateEntry(entry.FullName).Open());
                copy.Write(change(entry.Name, source.ReadToEnd()));
            }
        }

        return target.ToArray();
    }

    private static byte[] ZipAgain(byte[] export)
    {
        using ZipArchive from = new(new MemoryStream(export));
        using MemoryStream target = new();
        using (ZipArchive to = new(target, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (ZipArchiveEntry entry in from.Entries.Reverse())
            {
                using Stream source = entry.Open();
                using Stream copy = to.CreateEntry(entry.FullName, CompressionLevel.NoCompression).Open();
                source.CopyTo(copy);
            }
        }

        return target.ToArray();
    }
}
