using Commonhold.Age;
using Commonhold.Client;
using Commonhold.Ethereum;

namespace Commonhold.Tests.Client;

public sealed class ContributorTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("commonhold-contribute").FullName;
    private readonly FakeDao _dao = new();
    private readonly MemberKey _member = MemberKey.Generate();
    private readonly Secp256k1Key _validator = Secp256k1Key.Generate();
    private readonly X25519Identity _ticketsTo = X25519Identity.Generate();

    public ContributorTests()
    {
        ValidatorRecipient recipient = ValidatorRecipient.Create(_validator, _dao.Info.Contracts.Registry, _ticketsTo.Recipient.ToString());
        _dao.Validators.Add(new ValidatorInfo(_validator.Address, recipient.Recipient, recipient.Signature));
    }

    [Fact]
    public async Task What_is_uploaded_is_the_cleaned_export_for_dataset_and_member()
    {
        byte[] export = await Members.ExportAsync();
        Bytes32 digest = (await Contributor(_dao).SubmitAsync(new MemoryStream(export), null, default)).Value;

        using MemoryStream plaintext = new();
        await AgeFile.DecryptAsync(new MemoryStream(_dao.Blobs[digest]), plaintext, [_member.Identity]);
        Assert.Equal(Members.Cleaned(export), plaintext.ToArray());
        Assert.Equal(2, AgeHeader.Parse(_dao.Blobs[digest]).X25519Shares.Count);
    }

    [Fact]
    public async Task The_ticket_opens_the_file_and_the_signature_is_the_members()
    {
        Bytes32 digest = (await Contributor(_dao).SubmitAsync(new MemoryStream(await Members.ExportAsync()), null, default)).Value;
        WorkItem work = Assert.Single((await _dao.GetWorkAsync(default, default)).Contributions);
        Assert.True(work.Contribution.IsSignedByOwner(_dao.Info.RegistryDomain));
        using OpenedTicket read = TicketFile.Open(work.Ticket, digest, _ticketsTo).Value;
        Ticket ticket = read.Ticket;
        Assert.Equal(_member.Recipient.ToString(), read.ExplainTo!.ToString());
        using MemoryStream plaintext = new();
        await AgeFile.DecryptAsync(new MemoryStream(_dao.Blobs[digest]), plaintext, [ticket.For(_dao.Key.Recipient)]);
        Assert.True(ticket.Share.SequenceEqual(work.Contribution.EphemeralShare.AsSpan()));
    }

    [Fact]
    public async Task A_killed_upload_goes_on_with_the_same_ciphertext()
    {
        byte[] export = await Members.ExportAsync();
        List<ContributionStage> stages = [];
        Stopper stopper = new(ContributionStage.Uploading);
        await Assert.ThrowsAsync<OperationCanceledException>(() => Contributor(_dao).SubmitAsync(new MemoryStream(export), stopper, default));

        // The same ciphertext again: nothing is sealed a second time.
        Result<Bytes32> done = await Contributor(_dao).SubmitAsync(new MemoryStream(export), new Stages(stages), default);
        Assert.DoesNotContain(ContributionStage.Sealing, stages);
        Assert.True(_dao.Blobs.ContainsKey(done.Value));
        Assert.Single(_dao.Blobs);
    }

    [Fact]
    public async Task Contributing_twice_is_one_contribution()
    {
        byte[] export = await Members.ExportAsync();
        Bytes32 first = (await Contributor(_dao).SubmitAsync(new MemoryStream(export), null, default)).Value;
        Bytes32 second = (await Contributor(_dao).SubmitAsync(new MemoryStream(export), null, default)).Value;
        Assert.Equal(first, second);
        Assert.Single(_dao.Blobs);
    }

    [Fact]
    public async Task No_plaintext_and_no_open_secret_stays_on_disk()
    {
        byte[] export = await Members.ExportAsync();
        await Contributor(_dao).SubmitAsync(new MemoryStream(export), null, default);
        WorkItem work = Assert.Single((await _dao.GetWorkAsync(default, default)).Contributions);
        using OpenedTicket read = TicketFile.Open(work.Ticket, work.Contribution.CiphertextDigest, _ticketsTo).Value;
        string secret = Convert.ToHexStringLower(read.Ticket.Secret);
        foreach (string file in Directory.EnumerateFiles(_directory))
        {
            Assert.Contains(Path.GetExtension(file), new[] { ".age", ".json" });
            Assert.DoesNotContain(secret, File.ReadAllText(file), StringComparison.OrdinalIgnoreCase);
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public async Task A_recipient_that_the_validator_did_not_sign_gets_no_ticket()
    {
        using X25519Identity thief = X25519Identity.Generate();
        _dao.Validators[0] = _dao.Validators[0] with { Recipient = thief.Recipient.ToString() };
        Assert.Equal("validator.none", (await Contributor(_dao).SubmitAsync(new MemoryStream(await Members.ExportAsync()), null, default)).Refusal!.Code);
        Assert.Empty(_dao.Blobs);
    }

    [Fact]
    public async Task What_is_no_export_is_refused_and_leaves_nothing()
    {
        Result<Bytes32> refused = await Contributor(_dao).SubmitAsync(new MemoryStream([.. "no zip"u8]), null, default);
        Assert.StartsWith("export.", refused.Refusal!.Code, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_directory));
    }

    [Fact]
    public async Task A_preview_tells_what_would_be_dropped_and_sends_nothing()
    {
        var preview = (await Contributor(_dao).PreviewAsync(new MemoryStream(await Members.ExportAsync()), default)).Value;
        Assert.Contains(preview.Dropped, item => item.File.StartsWith("ip_logs", StringComparison.Ordinal));
        Assert.Empty(_dao.Blobs);
        Assert.Empty(Directory.EnumerateFiles(_directory));
    }

    public void Dispose()
    {
        _member.Dispose();
        _validator.Dispose();
        _ticketsTo.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private Contributor Contributor(INodeClient node) => new(node, _member, _directory);

    private sealed class Stages(List<ContributionStage> stages) : IProgress<ContributionProgress>
    {
        public void Report(ContributionProgress value) => stages.Add(value.Stage);
    }

    /// <summary>Stands for a kill once the ciphertext is sealed.</summary>
    private sealed class Stopper(ContributionStage at) : IProgress<ContributionProgress>
    {
        public void Report(ContributionProgress value)
        {
            if (value.Stage == at || value.Stage == ContributionStage.Submitting)
                throw new OperationCanceledException();
        }
    }
}
