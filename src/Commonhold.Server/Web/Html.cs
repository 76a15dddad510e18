using System.Globalization;
using System.Text.Encodings.Web;

namespace Commonhold.Server.Web;

/// <summary>Markup whose every inserted value is encoded; only <see cref="Html"/> itself goes in as it is.</summary>
internal sealed class Html
{
    private readonly string _markup;

    private Html(string markup) => _markup = markup;

    public static Html Empty { get; } = new("");

    public static Html Of(FormattableString text) =>
        new(string.Format(CultureInfo.InvariantCulture, text.Format, [.. text.GetArguments().Select(Encode)]));

    public static Html Join(IEnumerable<Html> parts) => new(string.Concat(parts.Select(part => part._markup)));

    public override string ToString() => _markup;

    private static object Encode(object? value) =>
        value is Html html ? html._markup : HtmlEncoder.Default.Encode(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");
}
