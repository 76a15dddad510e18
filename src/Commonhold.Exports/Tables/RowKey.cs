using System.Security.Cryptography;
using Commonhold.Exports.Tables.Definitions;
using Commonhold.Exports.Tables.Transforms;

namespace Commonhold.Exports.Tables;

/// <summary>The canonical key of a row: its key fields, each behind its length; a digest where that is too long.</summary>
/// <remarks>Length: LEB128 of the number of bytes. A digest begins with 0xFF and has 33 bytes: as a length that byte would announce
/// more than a key holds, so no plain key looks like one.</remarks>
internal sealed class RowKey
{
    private readonly byte[] _key = new byte[ExportRecord.MaxKeyBytes];
    private byte[] _long = new byte[512];

    public ReadOnlySpan<byte> Of(RowBuffer row)
    {
        var table = row.Table;
        var length = 0;
        for (var i = 0; i < table.Key.Count; i++)
        {
            var value = row[table.Key[i]];
            if (_long.Length < length + value.Length + 5)
                Array.Resize(ref _long, Math.Max(_long.Length * 2, length + value.Length + 5));
            var form = table.KeyAs[i];

            // Plain datetimes are 2019-01-01T20:49:28.5Z: the first 16 or 19 bytes are whole minutes or seconds.
            if (form >= KeyForm.Seconds && !value.IsEmpty)
                value = value[..(form == KeyForm.Seconds ? 19 : 16)];
            for (var rest = (uint)value.Length; ; rest >>= 7)
            {
                _long[length++] = (byte)(rest < 0x80 ? rest : rest | 0x80);
                if (rest < 0x80)
                    break;
            }

            if (form == KeyForm.Lower)
                TextTransforms.LowerAscii(value, _long.AsSpan(length));
            else
                value.CopyTo(_long.AsSpan(length));
            length += value.Length;
        }

        if (length <= _key.Length)
            return _long.AsSpan(0, length);
        _key[0] = 0xFF;
        SHA256.HashData(_long.AsSpan(0, length), _key.AsSpan(1));
        return _key.AsSpan(0, 33);
    }
}
