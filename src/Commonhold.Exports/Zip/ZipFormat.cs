using System.Text;
using System.Text.Unicode;

namespace Commonhold.Exports.Zip;

/// <summary>Numbers of the ZIP format (PKWARE APPNOTE 6.3) and the refusals that reading it can give.</summary>
internal static class ZipFormat
{
    public const uint LocalHeader = 0x04034b50;
    public const uint CentralHeader = 0x02014b50;
    public const uint EndOfDirectory = 0x06054b50;
    public const uint Zip64Locator = 0x07064b50;
    public const uint Descriptor = 0x08074b50;

    public const int LocalHeaderSize = 30;
    public const int CentralHeaderSize = 46;
    public const int EndOfDirectorySize = 22;

    public const ushort Stored = 0;
    public const ushort Deflated = 8;

    public const ushort FlagEncrypted = 1 << 0;
    public const ushort FlagDeflateOptions = 0b110;
    public const ushort FlagDescriptor = 1 << 3;
    public const ushort FlagStrongEncryption = 1 << 6;
    public const ushort FlagUtf8 = 1 << 11;
    public const ushort FlagMaskedHeaders = 1 << 13;

    public const string DownloadAgain = "Download the export again and pass the file as it came.";

    public static ExportRefusedException Malformed(string detail) => new("export.zip_malformed", detail, DownloadAgain);

    public static ExportRefusedException Truncated(string detail) => new("export.truncated", detail, DownloadAgain);

    public static ExportRefusedException Zip64(string detail) =>
        new("export.zip64", detail, "An export this small needs no zip64 records. " + DownloadAgain);

    /// <summary>A name as text: UTF-8 where it is that, else Latin-1, which loses nothing.</summary>
    public static string Decode(ReadOnlySpan<byte> name) =>
        Utf8.IsValid(name) ? Encoding.UTF8.GetString(name) : Encoding.Latin1.GetString(name);

    /// <summary>The same for a name that was decoded already.</summary>
    public static string Show(string name) => Show(Encoding.UTF8.GetBytes(name));

    /// <summary>A hostile name made fit for a message: printable ASCII, at most 60 characters.</summary>
    public static string Show(ReadOnlySpan<byte> name) => $"'{Shown(name, 60)}'";

    /// <summary>The same for a list of files, where names must be told apart: at most 240 characters, without quotes around them.</summary>
    public static string ShowFile(string name) => Shown(Encoding.UTF8.GetBytes(name), 240);

    private static string Shown(ReadOnlySpan<byte> name, int most)
    {
        Span<char> shown = stackalloc char[Math.Min(name.Length, most)];
        for (var i = 0; i < shown.Length; i++)
            shown[i] = name[i] is >= 0x20 and < 0x7f ? (char)name[i] : '?';
        return name.Length > most ? $"{shown}…" : shown.ToString();
    }
}
