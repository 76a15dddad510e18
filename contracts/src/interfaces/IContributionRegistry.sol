// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The dataset's contributions: batches signed by validators, rewards, withdrawals.
/// @notice Anyone may submit what k of n validators signed; the owner alone takes a contribution back; a reward only ever goes to the account
/// that earned it.
/// @dev Trust: k validators together decide what enters a batch and who earned what; a daily limit bounds what k stolen keys can mint before
/// the DAO replaces them. Powers of the timelock: validators, threshold, daily limit, policy; it cannot change or void what was committed.
/// The policy says what the validators ask of a contribution and how they weigh it; the contract holds only its digest, so that everybody
/// can tell by which rules a verdict was made, and only a vote changes them.
/// Digests and signatures: docs/protocol.md §1, §2.
interface IContributionRegistry {
    /// @notice What the validators sign for one batch (EIP-712 `Batch`).
    /// @param batchId The number of batches so far.
    /// @param previous The EIP-712 struct hash of the batch before; zero for the first.
    /// @param root The Merkle root of the batch's leaves.
    /// @param count The number of leaves.
    /// @param points The sum of the points of this batch's leaves.
    /// @param rewardRoot The Merkle root over (account, cumulative points) of every account since the first batch.
    /// @param rewardPoints The sum of the points of all batches up to and with this one.
    struct Batch {
        uint256 batchId;
        bytes32 previous;
        bytes32 root;
        uint32 count;
        uint256 points;
        bytes32 rewardRoot;
        uint256 rewardPoints;
    }

    /// @notice One contribution as its batch commits to it.
    struct Leaf {
        uint32 index;
        address owner;
        bytes32 ciphertextDigest;
        uint64 size;
        bytes32 ephemeralShare;
        bytes32 schema;
        uint32 keyEpoch;
        uint256 points;
        bytes32 nullifier;
    }

    /// @notice What is kept of a committed batch.
    struct CommittedBatch {
        bytes32 root;
        uint32 count;
        uint64 committedAt;
        uint64 points;
    }

    /// @notice One account's claim in a `claimMany`.
    struct Claim {
        address account;
        uint256 cumulativePoints;
        bytes32[] proof;
    }

    event BatchCommitted(
        uint256 indexed batchId,
        bytes32 indexed root,
        bytes32 structHash,
        uint32 count,
        uint256 points,
        bytes32 rewardRoot,
        uint256 rewardPoints
    );
    event RewardClaimed(address indexed account, uint256 points, uint256 claimedPoints);
    event ContributionWithdrawn(
        uint256 indexed batchId, uint32 indexed index, address indexed owner, bytes32 ciphertextDigest
    );
    event ValidatorsChanged(address[] validators, uint256 threshold);
    event DailyLimitChanged(uint256 points);
    event PolicyChanged(bytes32 indexed policyDigest);

    error ContributionRegistryWrongBatchId(uint256 given, uint256 expected);
    error ContributionRegistryWrongPrevious(bytes32 given, bytes32 expected);
    error ContributionRegistryEmptyBatch(bytes32 root, uint32 count);
    error ContributionRegistryEmptyRewardRoot();
    error ContributionRegistryPointsTooLarge(uint256 points, uint256 maximum);
    error ContributionRegistryWrongRewardPoints(uint256 given, uint256 expected);
    error ContributionRegistryTooFewSignatures(uint256 given, uint256 threshold);
    error ContributionRegistrySignersNotAscending(address signer, address before);
    error ContributionRegistryNotValidator(address signer);
    error ContributionRegistryWrongRewardProof(address account, uint256 cumulativePoints);
    error ContributionRegistryNothingToClaim(address account, uint256 claimedPoints);
    error ContributionRegistryDailyLimitReached(uint256 points);
    error ContributionRegistryRewardsExceeded(uint256 minted, uint256 rewardPoints);
    error ContributionRegistryUnknownBatch(uint256 batchId);
    error ContributionRegistryWrongProof(uint256 batchId, bytes32 leaf);
    error ContributionRegistryNotOwner(address caller, address owner);
    error ContributionRegistryAlreadyWithdrawn(uint256 batchId, uint32 index);
    error ContributionRegistrySignatureExpired(uint64 deadline);
    error ContributionRegistryWrongSignature(address owner);
    error ContributionRegistryInvalidThreshold(uint256 threshold, uint256 validators);
    error ContributionRegistryInvalidValidator(address validator);
    error ContributionRegistryZeroAddress();
    error ContributionRegistryZeroPolicy();

    /// @notice Base units of the token for one point; 1 token = 1,000,000 points.
    function POINT() external view returns (uint256);

    /// @notice The dataset's token, minted here and nowhere else.
    function token() external view returns (address);

    /// @notice Commits the next batch. Anyone may submit it; the signatures decide.
    /// @param signatures At least `threshold` signatures by distinct current validators, in ascending order of signer.
    function commitBatch(Batch calldata batch, bytes[] calldata signatures) external;

    /// @notice Mints to the caller what it earned and has not claimed, as far as the daily limit still allows today; the rest stays claimable.
    /// @return points The points that were minted.
    function claim(uint256 cumulativePoints, bytes32[] calldata proof) external returns (uint256 points);

    /// @notice The same for any account: the tokens go to that account, whoever sends the transaction.
    function claimFor(address account, uint256 cumulativePoints, bytes32[] calldata proof)
        external
        returns (uint256 points);

    /// @notice The same for many accounts. An account with nothing left to claim is passed over, so that nobody can spoil the others' claims by
    /// claiming first; a wrong proof reverts the whole.
    function claimMany(Claim[] calldata claims) external returns (uint256 points);

    /// @notice Withdraws the caller's own contribution, for good: from this block on no guardian helps to open it.
    function withdraw(uint256 batchId, Leaf calldata leaf, bytes32[] calldata proof) external;

    /// @notice The same by the owner's EIP-712 `Withdrawal` signature (ERC-1271 for an owner with code).
    function withdrawFor(
        uint256 batchId,
        Leaf calldata leaf,
        bytes32[] calldata proof,
        uint64 deadline,
        bytes calldata signature
    ) external;

    /// @notice Replaces the validators. What was committed under the old ones stays valid.
    /// @dev Only the timelock.
    function setValidators(address[] calldata validators, uint256 threshold) external;

    /// @notice Sets how many points may be minted in one UTC day.
    /// @dev Only the timelock. Zero stops claims; what was earned stays earned.
    function setDailyLimit(uint256 points) external;

    /// @notice Replaces the policy. Verdicts say by which policy they were made, so earlier ones stay what they are.
    /// @param policyDigest SHA-256 of the policy document's bytes; never zero.
    /// @dev Only the timelock. Nobody checks here that the document exists: publish it before the vote.
    function setPolicyDigest(bytes32 policyDigest) external;

    /// @notice SHA-256 of the policy document that contributions are judged by.
    function policyDigest() external view returns (bytes32);

    /// @notice The number of batches so far.
    function batchCount() external view returns (uint256);

    function batchAt(uint256 batchId) external view returns (CommittedBatch memory);

    /// @notice The EIP-712 struct hash of the newest batch; zero before the first.
    function head() external view returns (bytes32);

    function rewardRoot() external view returns (bytes32);

    /// @notice The points of all batches; an upper bound of what can ever be minted until the next batch.
    function rewardPoints() external view returns (uint256);

    function mintedPoints() external view returns (uint256);

    function claimedPoints(address account) external view returns (uint256);

    function dailyLimit() external view returns (uint256);

    /// @notice How many points can still be minted in the current UTC day.
    function mintableToday() external view returns (uint256);

    function isWithdrawn(uint256 batchId, uint32 index) external view returns (bool);

    /// @notice Withdrawal bits of a batch, 256 indices a word, lowest index in the lowest bit.
    function withdrawnWords(uint256 batchId, uint256 firstWord, uint256 count) external view returns (uint256[] memory);

    function validators() external view returns (address[] memory);

    function isValidator(address account) external view returns (bool);

    function threshold() external view returns (uint256);
}
