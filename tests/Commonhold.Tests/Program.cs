using Commonhold.Tests.Validator.Uniqueness;

namespace Commonhold.Tests;

/// <summary>The entry point that a test starts in a process of its own, to kill it; the tests themselves are started by the test host.</summary>
internal static class Program
{
    internal static int Main(string[] args) => args switch
    {
        [OwnerMapChild.Verb, var directory] => OwnerMapChild.Run(directory),
        _ => 2,
    };
}
