using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Commonhold.Tests.Client.Browser;

/// <summary>Runs web/agreement/verify.ts, built by <c>npm run build</c> in web: what the transparency page checks in the browser.</summary>
public static class BrowserVerifier
{
    private static readonly string Script = Path.Combine(Repository.Root, "web", "dist", "verify.mjs");

    public static bool IsBuilt => File.Exists(Script);

    public static async Task<JsonNode> AskAsync(JsonObject question)
    {
        using var process = Process.Start(new ProcessStartInfo("node", [Script])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(question.ToJsonString());
        process.StandardInput.Close();
        var answer = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? JsonNode.Parse(answer)! : throw new InvalidOperationException(await errors);
    }
}

/// <summary>A fact that needs the browser's code: skipped on a laptop that has not built it, failing on the build server.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class VerifierFactAttribute : FactAttribute
{
    public VerifierFactAttribute()
    {
        if (!BrowserVerifier.IsBuilt && Environment.GetEnvironmentVariable("CI") is not { Length: > 0 })
            Skip = "the browser's code is not built: npm ci --prefix web && npm run --prefix web build";
    }
}
