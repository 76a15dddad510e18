using System.IO.Pipelines;
using System.Security.Cryptography;
using Commonhold.Age;
using Commonhold.Ethereum;
using Commonhold.Exports;

namespace Commonhold.Client;

/// <summary>An export cleaned and encrypted, with the ticket of its dataset stanza.</summary>
/// <param name="EphemeralShare">What the dataset's stanza carries.</param>
internal sealed record SealedExport(Bytes32 CiphertextDigest, ulong Size, Bytes32 EphemeralShare, byte[] Ticket, CleanedExport Cleaned);

/// <summary>Cleans an export and encrypts what is left, in one pass: no plaintext touches the disk, memory stays flat.</summary>
internal static class ExportSealer
{
    public static async Task<Result<SealedExport>> SealAsync(
        ContributionFile export, string ciphertextPath, X25519Recipient dataset, X25519Recipient member, X25519Recipient validator,
        CancellationToken cancellationToken)
    {
        string part = ciphertextPath + ".part";
        await using FileStream file = PrivateFile.Create(part);
        await using HashingStream ciphertext = new(file);
        using TicketRecipient recipient = new(dataset);
        Pipe pipe = new();
        Task<ExportResult<CleanedExport>> cleaning = CleanAsync(export, pipe.Writer, cancellationToken);
        Task encrypting = EncryptAsync(pipe.Reader, ciphertext, [recipient, member], cancellationToken);
        await Task.WhenAll(cleaning, encrypting).ConfigureAwait(false);

        ExportResult<CleanedExport> cleaned = await cleaning.ConfigureAwait(false);
        if (!cleaned.IsAccepted)
        {
            // What was encrypted so far is a piece of an export that must not go anywhere.
            file.Close();
            File.Delete(part);
            return cleaned.Refusal.ToRefusal();
        }

        await ciphertext.FlushAsync(cancellationToken).ConfigureAwait(false);
        file.Flush(flushToDisk: true);
        ulong size = (ulong)file.Length;
        Bytes32 digest = ciphertext.Finish();
        file.Close();
        File.Move(part, ciphertextPath, overwrite: true);
        return new SealedExport(
            digest, size, Bytes32.FromSpan(recipient.Ticket.Share), TicketFile.Seal(recipient.Ticket, digest, validator, member), cleaned.Value);
    }

    public static Refusal ToRefusal(this ExportRefusal refusal) => new(refusal.Code, refusal.Detail, refusal.Hint);

    private static async Task<ExportResult<CleanedExport>> CleanAsync(ContributionFile export, PipeWriter writer, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            await using Stream output = writer.AsStream(leaveOpen: true);
            return await export.CleanAsync(output, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            failure = e;
            throw;
        }
        finally
        {
            await writer.CompleteAsync(failure).ConfigureAwait(false);
        }
    }

    private static async Task EncryptAsync(
        PipeReader reader, Stream output, IReadOnlyList<IAgeRecipient> recipients, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            await using Stream input = reader.AsStream(leaveOpen: true);
            await AgeFile.EncryptAsync(input, output, recipients, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            failure = e;
            throw;
        }
        finally
        {
            await reader.CompleteAsync(failure).ConfigureAwait(false);
        }
    }
}

/// <summary>Passes writes on and takes their SHA-256.</summary>
internal sealed class HashingStream(Stream inner) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public Bytes32 Finish() => Bytes32.FromSpan(_hash.GetHashAndReset());

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _hash.AppendData(buffer);
        inner.Write(buffer);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _hash.AppendData(buffer.Span);
        return inner.WriteAsync(buffer, cancellationToken);
    }

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _hash.Dispose();
        base.Dispose(disposing);
    }
}
