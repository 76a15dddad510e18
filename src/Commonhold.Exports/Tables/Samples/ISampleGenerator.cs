namespace Commonhold.Exports.Tables.Samples;

/// <summary>Makes up exports of one format in the provider's own form, the same for the same options.</summary>
internal interface ISampleGenerator
{
    void Write(Stream output, SampleOptions options);

    /// <summary>What the provider would call that file.</summary>
    string FileName(SampleOptions options);
}
