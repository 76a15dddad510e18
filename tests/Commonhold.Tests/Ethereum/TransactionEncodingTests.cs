using System.Numerics;
using Commonhold.Ethereum;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Commonhold.Tests.Ethereum;

public sealed class TransactionEncodingTests
{
    private static readonly Address Recipient = Address.Parse("0x3535353535353535353535353535353535353535");

    // EIP-155, "Example".
    [Fact]
    public void The_example_of_eip_155_is_signed_as_in_the_standard()
    {
        using var key = Secp256k1Key.Parse("4646464646464646464646464646464646464646464646464646464646464646");
        var transaction = new LegacyTransaction(1, 9, 20_000_000_000, 21_000, Recipient, BigInteger.Pow(10, 18), default);
        Assert.Equal("0xdaf5a779ae972f972197303d7b574746c7ef83eadac0f2791ad23db92e4c8e53", transaction.SigningHash().ToString());
        SignedTransaction signed = transaction.Sign(key);
        Assert.Equal(
            "0xf86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a76400008025a028ef61340bd939bc2195fe537567866003e1a15d"
            + "3c71ff63e1590620aa636276a067cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83",
            Hex.Encode(signed.Raw.Span));
        Assert.Equal((transaction, key.Address), Decode(signed));

        (LegacyTransaction, Address) Decode(SignedTransaction s)
        {
            (LegacyTransaction t, Address from) = LegacyTransaction.Decode(s.Raw);
            return (t with { Data = default }, from);
        }
    }

    [Fact]
    public void Decoding_a_signed_transaction_gives_it_back_with_its_sender() =>
        Prop.ForAll<ulong, ulong, byte[]>((nonce, fee, data) =>
        {
            using var key = Secp256k1Key.Generate();
            var transaction = new Eip1559Transaction(31337, nonce, fee / 2, fee, 21_000, nonce % 2 == 0 ? null : Recipient, fee, data)
            {
                AccessList = [new AccessListEntry(Recipient, [Bytes32.FromUInt256(nonce)])],
            };
            SignedTransaction signed = transaction.Sign(key);
            (Eip1559Transaction decoded, Address from) = Eip1559Transaction.Decode(signed.Raw);
            return from == key.Address && decoded.SigningHash() == transaction.SigningHash() && signed.Hash == Keccak256.Hash(signed.Raw.Span)
                && decoded.Nonce == nonce && decoded.To == transaction.To && decoded.Data.Span.SequenceEqual(data);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void Damaged_transactions_are_refused_or_somebody_elses() =>
        Prop.ForAll<PositiveInt, byte>((at, value) =>
        {
            using var key = Secp256k1Key.Parse("4646464646464646464646464646464646464646464646464646464646464646");
            byte[] raw = new Eip1559Transaction(1, 2, 3, 4, 5, Recipient, 6, new byte[] { 7, 8 }).Sign(key).Raw.ToArray();
            int position = at.Get % raw.Length;
            if (raw[position] == value)
                return true;

            raw[position] = value;
            try
            {
                return Eip1559Transaction.Decode(raw).From != key.Address;
            }
            catch (Exception e) when (e is RlpException or SignatureException)
            {
                return true;
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Theory]
    [InlineData("nothing", "0x")]
    [InlineData("another type", "0x01c0")]
    [InlineData("no fields", "0x02c0")]
    public void What_is_no_transaction_is_refused(string kind, string raw)
    {
        Assert.NotEmpty(kind);
        Assert.Throws<RlpException>(() => Eip1559Transaction.Decode(Hex.Decode(raw)));
    }
}
