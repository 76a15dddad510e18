using Commonhold.Ethereum;

namespace Commonhold.Guardians.Chain;

/// <summary>One block, by number and hash: a number alone could mean another block after a reorganisation.</summary>
internal readonly record struct BlockPoint(ulong Number, Bytes32 Hash, ulong Timestamp);
