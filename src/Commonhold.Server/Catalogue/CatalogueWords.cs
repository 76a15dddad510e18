using Commonhold.Server.Web.Components;

namespace Commonhold.Server.Catalogue;

/// <summary>Sentences that the page and the machine-readable documents share.</summary>
internal static class CatalogueWords
{
    public static string Description(CatalogueModel model) =>
        $"{model.Format?.Title ?? model.Names.SchemaName}: {Text.Counted(model.Size.Contributions, "contribution")} of {Text.Counted(model.Size.Members, "member")}, "
        + "cleaned and encrypted on the members' own devices before they were given. The dataset belongs to them, and they vote on every use of it."
        + (model.Names.IsTrial ? " This is a trial; nothing in it is of value." : "");

    public static string Conditions(CatalogueNames names) =>
        $"Access is by request: a buyer pays the price into escrow with exact terms, the members vote, and {names.GuardianThreshold} of {names.Guardians} independent guardians "
        + "then help to open what the grant covers. If the vote fails, the buyer takes the money back.";
}
