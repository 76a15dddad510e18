namespace Commonhold.Cli.Demo;

/// <summary>What `demo --json` writes: every figure of the story, as it happened.</summary>
internal sealed record DemoFigures
{
    /// <summary>True when everything was as told; otherwise <see cref="Wrong"/> says what was not.</summary>
    public bool AsTold => Wrong.Count == 0;

    public List<string> Wrong { get; } = [];

    public int Members { get; set; }

    /// <summary>Exports that were handed in.</summary>
    public int Contributions { get; set; }

    public int Accepted { get; set; }

    public List<RefusedFile> Refused { get; } = [];

    public int Batches { get; set; }

    /// <summary>Gas used, by operation; of many of one kind the mean, of batches for one contribution.</summary>
    public SortedDictionary<string, long> Gas { get; } = new(StringComparer.Ordinal);

    /// <summary>Contributions that the buyer opened under the first grant, with two of five guardians off.</summary>
    public int Opened { get; set; }

    /// <summary>Of those, how many were byte for byte what the member had sealed.</summary>
    public int Identical { get; set; }

    /// <summary>Base units of the test currency that the buyer paid.</summary>
    public string RevenuePaid { get; set; } = "0";

    /// <summary>Base units that members, operators and treasury have received of it.</summary>
    public string RevenueClaimed { get; set; } = "0";

    /// <summary>Requests that were voted down and whose escrow went back whole.</summary>
    public int Refunds { get; set; }

    /// <summary>Contributions withdrawn by their member that a later grant did not open.</summary>
    public int WithdrawnStayedShut { get; set; }

    /// <summary>Guardians that refused to answer without a grant.</summary>
    public int GuardianRefusals { get; set; }

    /// <summary>Wall-clock seconds of each stage.</summary>
    public Dictionary<string, double> Seconds { get; } = [];
}

internal sealed record RefusedFile(string File, string Code);
