// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Guardians, their threshold and the dataset's public key, by epoch.
/// @notice An epoch's key counts once every one of its guardians has sent the same recipient and commitments itself.
/// @dev Powers of the timelock: start a new epoch. Powers of a guardian: to agree or not; one that does not leaves the epoch pending and the
/// active epoch as it was. Guardian i (1 … n) is the one at position i - 1 of the list. Epochs count from 1; 0 is none.
interface IGuardianRegistry {
    /// @notice One epoch.
    /// @param recipient u(D), the 32 bytes of the dataset's age recipient; zero until active.
    /// @param commitments The `threshold` combined Feldman commitments, compressed Edwards points; empty until active.
    struct Epoch {
        uint64 startedAt;
        uint64 activeSince;
        uint32 threshold;
        address[] guardians;
        bytes32 recipient;
        bytes32[] commitments;
    }

    event EpochStarted(uint32 indexed epoch, address[] guardians, uint256 threshold);
    event KeyConfirmed(uint32 indexed epoch, address indexed guardian, bytes32 recipient, bytes32 keyDigest);
    event KeyMismatched(uint32 indexed epoch, address indexed guardian, bytes32 keyDigest, bytes32 otherDigest);
    event EpochActivated(uint32 indexed epoch, bytes32 recipient, bytes32[] commitments);

    error GuardianRegistryInvalidThreshold(uint256 threshold, uint256 guardians);
    error GuardianRegistryInvalidGuardian(address guardian);
    error GuardianRegistryNotGuardian(uint32 epoch, address caller);
    error GuardianRegistryNotPending(uint32 epoch, uint32 latestEpoch);
    error GuardianRegistryInvalidKey(uint256 commitments, uint256 threshold);
    error GuardianRegistryUnknownEpoch(uint32 epoch);

    /// @notice Sends what the key ceremony gave this guardian; a guardian may correct itself while the epoch is pending.
    /// @param commitments As many as the threshold; the first is the public point D.
    function confirmKey(uint32 epoch, bytes32 recipient, bytes32[] calldata commitments) external;

    /// @notice Starts the next epoch with these guardians; the active one stays active until all of the new ones have confirmed.
    /// @dev Only the timelock. A pending epoch before it can no longer become active.
    function startEpoch(address[] calldata guardians, uint256 threshold) external;

    function latestEpoch() external view returns (uint32);

    /// @notice The newest epoch whose key is confirmed; 0 before the first.
    function activeEpoch() external view returns (uint32);

    function isActive(uint32 epoch) external view returns (bool);

    function epochAt(uint32 epoch) external view returns (Epoch memory);

    /// @notice The guardian's number 1 … n in that epoch; 0 when it is none.
    function indexOf(uint32 epoch, address guardian) external view returns (uint256);

    /// @notice The digest of what this guardian confirmed: keccak256(abi.encode(recipient, commitments)); zero when nothing.
    function confirmationOf(uint32 epoch, address guardian) external view returns (bytes32);
}
