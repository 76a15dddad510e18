namespace Commonhold.Exports.Reddit;

/// <summary>Sees every row of an export once, after the account is known. Nothing it is shown outlives the call.</summary>
public abstract class ExportRowVisitor
{
    public abstract void OnAccount(ExportAccount account);

    public abstract void OnRow(in ExportRow row);
}
