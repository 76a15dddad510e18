using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Commonhold.Age;
using Commonhold.Ethereum;

namespace Commonhold.Client;

/// <summary>A ticket as the validator reads it.</summary>
/// <param name="ExplainTo">Whom the explanation of the verdict is sealed to; null when the member wants none.</param>
public sealed record OpenedTicket(Ticket Ticket, X25519Recipient? ExplainTo) : IDisposable
{
    public void Dispose() => Ticket.Dispose();
}

/// <summary>A ticket on its way: an age file to one validator that holds the ephemeral secret of one file (protocol.md §5).</summary>
/// <remarks>The secret opens the member's file, so its text exists only in buffers that are wiped, never in a string.</remarks>
public static class TicketFile
{
    private const int SecretHexLength = 2 * Ticket.Size;

    private static ReadOnlySpan<byte> BeforeDigest => "{\"version\":1,\"ciphertextDigest\":\""u8;

    private static ReadOnlySpan<byte> BeforeSecret => "\",\"ephemeralSecret\":\"0x"u8;

    private static ReadOnlySpan<byte> BeforeExplainTo => "\",\"explainTo\":\""u8;

    /// <param name="explainTo">The member's own recipient, to hear what each part of the file earned.</param>
    public static byte[] Seal(Ticket ticket, Bytes32 ciphertextDigest, X25519Recipient validator, X25519Recipient? explainTo = null)
    {
        byte[] recipient = explainTo is null ? [] : [.. BeforeExplainTo, .. Encoding.ASCII.GetBytes(explainTo.ToString())];
        using SecretBytes json = new(BeforeDigest.Length + 66 + BeforeSecret.Length + SecretHexLength + recipient.Length + 2);
        Span<byte> left = Put(json.Span, BeforeDigest);
        Convert.TryToHexStringLower(ciphertextDigest.AsSpan(), Put(left, "0x"u8), out _);
        left = Put(left[66..], BeforeSecret);
        Convert.TryToHexStringLower(ticket.Secret, left, out _);
        Put(Put(left[SecretHexLength..], recipient), "\"}"u8);
        return AgeFile.Seal(json.Span, validator);
    }

    /// <summary>Opens a ticket that anybody may have sent. The caller disposes it.</summary>
    /// <returns>Refused as <c>ticket.unreadable</c>, <c>ticket.invalid</c> or <c>ticket.mismatch</c>.</returns>
    public static Result<OpenedTicket> Open(ReadOnlySpan<byte> sealedTicket, Bytes32 ciphertextDigest, X25519Identity validator)
    {
        if (sealedTicket.Length > ContributionSubmission.MaxTicketBytes)
            return new Refusal("ticket.invalid", $"The ticket has {sealedTicket.Length} bytes; a ticket has at most {ContributionSubmission.MaxTicketBytes}.");
        try
        {
            using SecretBytes json = AgeFile.Open(sealedTicket, validator);
            return Parse(json.Span, ciphertextDigest);
        }
        catch (AgeException e)
        {
            return new Refusal("ticket.unreadable", $"The ticket cannot be opened: {e.Message}", "Send the ticket to the validator that it was sealed to.");
        }
    }

    private static Result<OpenedTicket> Parse(ReadOnlySpan<byte> json, Bytes32 ciphertextDigest)
    {
        Span<byte> secret = stackalloc byte[Ticket.Size];
        Bytes32? digest = null;
        string? explainTo = null;
        bool hasSecret = false, hasVersion = false;
        try
        {
            Utf8JsonReader reader = new(json);
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName)
                    continue;
                if (reader.ValueTextEquals("version"u8))
                    hasVersion = reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out int version) && version == 1;
                else if (reader.ValueTextEquals("ciphertextDigest"u8))
                    digest = reader.Read() && Bytes32.TryParse(reader.GetString(), out Bytes32 value) ? value : null;
                else if (reader.ValueTextEquals("ephemeralSecret"u8))
                    hasSecret = reader.Read() && reader.ValueSpan.Length == 2 + SecretHexLength && reader.ValueSpan.StartsWith("0x"u8)
                        && Convert.FromHexString(reader.ValueSpan[2..], secret, out _, out _) == System.Buffers.OperationStatus.Done;
                else if (reader.ValueTextEquals("explainTo"u8))
                    explainTo = reader.Read() && reader.TokenType == JsonTokenType.String ? reader.GetString() : "";
                else
                    reader.Skip();
            }

            if (!hasVersion || !hasSecret || digest is null)
                return new Refusal("ticket.invalid", "The ticket lacks its version, digest or secret.");
            if (digest != ciphertextDigest)
                return new Refusal("ticket.mismatch", $"The ticket is for {digest}, not for {ciphertextDigest}.");
            X25519Recipient? member = explainTo is null ? null : X25519Recipient.TryParse(explainTo);
            if (explainTo is not null && member is null)
                return new Refusal("ticket.invalid", "The ticket's explainTo is not an age1… recipient.");
            return new OpenedTicket(Ticket.FromSecret(secret), member);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The exception's text could quote the secret.
            return new Refusal("ticket.invalid", "The ticket does not hold the JSON of a ticket.");
        }
        catch (AgeException)
        {
            return new Refusal("ticket.mismatch", "The ticket's secret is not a usable scalar.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    private static Span<byte> Put(Span<byte> destination, ReadOnlySpan<byte> text)
    {
        text.CopyTo(destination);
        return destination[text.Length..];
    }
}
