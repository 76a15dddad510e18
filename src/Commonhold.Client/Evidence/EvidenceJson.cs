using System.Security.Cryptography;
using System.Text.Json;
using Commonhold.Age;
using Commonhold.Ethereum;

namespace Commonhold.Client;

/// <summary>The JSON inside an evidence file, written and read without a string of what is secret.</summary>
internal static class EvidenceJson
{
    private const int LongestName = 64;

    private static readonly JsonReaderOptions Strict = new() { MaxDepth = 8 };

    public static Refusal? Write(EvidenceBundle bundle, SecretBuffer buffer)
    {
        try
        {
            using Utf8JsonWriter writer = new(buffer);
            writer.WriteStartObject();
            writer.WriteNumber("version"u8, EvidenceBundle.CurrentVersion);
            writer.WriteString("ciphertextDigest"u8, bundle.CiphertextDigest.ToString());
            writer.WriteStartArray("items"u8);
            foreach (EvidenceItem item in bundle.Items)
                Write(item, writer);
            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.Flush();
            return bundle.Items.Count > EvidenceBundle.MaxItems ? TooMany(bundle.Items.Count) : null;
        }
        catch (TooLargeException)
        {
            return new Refusal("evidence.too_large", $"The evidence has more than {EvidenceBundle.MaxJsonBytes} bytes.", "Send fewer or shorter proofs.");
        }
    }

    public static Result<EvidenceBundle> Read(ReadOnlySpan<byte> json, Bytes32 ciphertextDigest)
    {
        List<EvidenceItem> items = [];
        try
        {
            (int? version, Bytes32? digest, bool hasItems) = (null, null, false);
            Utf8JsonReader reader = new(json, Strict);
            Expect(reader.Read() && reader.TokenType == JsonTokenType.StartObject);
            while (Next(ref reader))
            {
                if (version is null && reader.ValueTextEquals("version"u8))
                    version = reader.Read() && reader.TryGetInt32(out int value) ? value : null;
                else if (digest is null && reader.ValueTextEquals("ciphertextDigest"u8))
                    digest = reader.Read() && Bytes32.TryParse(reader.GetString(), out Bytes32 value) ? value : null;
                else if (!hasItems && reader.ValueTextEquals("items"u8))
                    hasItems = ReadItems(ref reader, items);
                else
                    throw new JsonException();
            }

            Expect(!reader.Read() && version == EvidenceBundle.CurrentVersion && hasItems && digest is not null);
            if (digest == ciphertextDigest)
            {
                EvidenceBundle bundle = new(ciphertextDigest, [.. items]);
                items.Clear();
                return bundle;
            }

            return new Refusal("evidence.mismatch", $"The evidence is for {digest}, not for {ciphertextDigest}.", "Send the evidence of this file.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            // The exception's text could quote what is secret.
            return new Refusal("evidence.invalid", "The evidence does not hold the JSON of evidence.", "Seal it with the client.");
        }
        finally
        {
            foreach (EvidenceItem item in items)
                item.Dispose();
        }
    }

    private static void Write(EvidenceItem item, Utf8JsonWriter writer)
    {
        EvidenceShape shape = EvidenceShape.Of(item.Type) ?? throw new ArgumentException($"There is no evidence of type '{item.Type}'.", nameof(item));
        writer.WriteStartObject();
        writer.WriteString("type"u8, item.Type);
        foreach (EvidenceField field in shape.Fields)
        {
            if (!item.Fields.TryGetValue(field.Name, out SecretBytes? value))
                continue;
            if (field.IsBase64)
                writer.WriteBase64String(field.Name, value.Span);
            else
                writer.WriteString(field.Name, value.Span);
        }

        if (shape.MaxFiles > 0)
        {
            writer.WriteStartArray("files"u8);
            foreach ((string name, SecretBytes content) in item.Files)
            {
                writer.WriteStartObject();
                writer.WriteString("name"u8, name);
                writer.WriteBase64String("content"u8, content.Span);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static bool ReadItems(ref Utf8JsonReader reader, List<EvidenceItem> items)
    {
        Expect(reader.Read() && reader.TokenType == JsonTokenType.StartArray);
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            Expect(items.Count < EvidenceBundle.MaxItems && Next(ref reader) && reader.ValueTextEquals("type"u8) && reader.Read());
            string type = reader.GetString()!;
            Expect(type.Length is > 0 and <= LongestName);
            EvidenceItem item = new(type);
            items.Add(item);
            EvidenceShape? shape = EvidenceShape.Of(type);
            while (Next(ref reader))
            {
                if (shape is null)
                    reader.Skip();
                else if (shape.MaxFiles > 0 && reader.ValueTextEquals("files"u8))
                    ReadFiles(ref reader, item, shape.MaxFiles);
                else
                    ReadField(ref reader, item, shape.Field(reader.GetString()!) ?? throw new JsonException());
            }

            Expect(shape is null || shape.Fields.All(f => !f.IsRequired || item.Fields.ContainsKey(f.Name)));
        }

        return reader.TokenType == JsonTokenType.EndArray;
    }

    private static void ReadFiles(ref Utf8JsonReader reader, EvidenceItem item, int most)
    {
        Expect(reader.Read() && reader.TokenType == JsonTokenType.StartArray && item.Files.Count == 0);
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            Expect(item.Files.Count < most && Next(ref reader) && reader.ValueTextEquals("name"u8) && reader.Read());
            string name = reader.GetString()!;
            Expect(name.Length is > 0 and <= LongestName && Next(ref reader) && reader.ValueTextEquals("content"u8) && reader.Read());
            byte[] content = reader.GetBytesFromBase64();
            item.WithFile(name, content);
            CryptographicOperations.ZeroMemory(content);
            Expect(reader.Read() && reader.TokenType == JsonTokenType.EndObject);
        }

        Expect(reader.TokenType == JsonTokenType.EndArray);
    }

    private static void ReadField(ref Utf8JsonReader reader, EvidenceItem item, EvidenceField field)
    {
        Expect(reader.Read() && reader.TokenType == JsonTokenType.String);
        byte[] value = field.IsBase64 ? reader.GetBytesFromBase64() : new byte[reader.ValueSpan.Length];
        try
        {
            int length = field.IsBase64 ? value.Length : reader.CopyString(value);
            Expect(length > 0 && length <= field.MaxBytes);
            item.With(field.Name, value.AsSpan(0, length));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(value);
        }
    }

    /// <summary>Moves to the next property of the object that the reader is in; false at its end.</summary>
    private static bool Next(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.PropertyName;

    private static void Expect(bool isSo)
    {
        if (!isSo)
            throw new JsonException();
    }

    private static Refusal TooMany(int count) =>
        new("evidence.too_large", $"The evidence has {count} items; it has at most {EvidenceBundle.MaxItems}.", "Send fewer or shorter proofs.");
}
