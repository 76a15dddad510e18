// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGuardianRegistry} from "./interfaces/IGuardianRegistry.sol";
import {TimelockOwned} from "./TimelockOwned.sol";

/// @title Guardians and the dataset's public key; the guarantees stand in IGuardianRegistry.
contract GuardianRegistry is IGuardianRegistry, TimelockOwned {
    /// @dev Bounds the loops; a key ceremony among more would need n² sealed shares.
    uint256 private constant MAX_GUARDIANS = 64;

    /// @inheritdoc IGuardianRegistry
    uint32 public latestEpoch;
    /// @inheritdoc IGuardianRegistry
    uint32 public activeEpoch;

    mapping(uint32 epoch => Epoch) private _epochs;
    /// @inheritdoc IGuardianRegistry
    mapping(uint32 epoch => mapping(address guardian => uint256)) public indexOf;
    /// @inheritdoc IGuardianRegistry
    mapping(uint32 epoch => mapping(address guardian => bytes32)) public confirmationOf;

    constructor(address timelock_, address[] memory guardians, uint256 threshold) TimelockOwned(timelock_) {
        _startEpoch(guardians, threshold);
    }

    /// @inheritdoc IGuardianRegistry
    function confirmKey(uint32 epoch, bytes32 recipient, bytes32[] calldata commitments) external {
        require(epoch == latestEpoch && epoch != activeEpoch, GuardianRegistryNotPending(epoch, latestEpoch));
        require(indexOf[epoch][msg.sender] != 0, GuardianRegistryNotGuardian(epoch, msg.sender));
        Epoch storage pending = _epochs[epoch];
        require(
            recipient != 0 && commitments.length == pending.threshold,
            GuardianRegistryInvalidKey(commitments.length, pending.threshold)
        );
        bytes32 keyDigest = keccak256(abi.encode(recipient, commitments));
        confirmationOf[epoch][msg.sender] = keyDigest;
        emit KeyConfirmed(epoch, msg.sender, recipient, keyDigest);
        if (_allConfirmed(epoch, keyDigest, pending.guardians)) {
            pending.activeSince = uint64(block.timestamp);
            pending.recipient = recipient;
            pending.commitments = commitments;
            activeEpoch = epoch;
            emit EpochActivated(epoch, recipient, commitments);
        }
    }

    /// @inheritdoc IGuardianRegistry
    function startEpoch(address[] calldata guardians, uint256 threshold) external onlyTimelock {
        _startEpoch(guardians, threshold);
    }

    /// @inheritdoc IGuardianRegistry
    function isActive(uint32 epoch) external view returns (bool) {
        return _epochs[epoch].activeSince != 0;
    }

    /// @inheritdoc IGuardianRegistry
    function epochAt(uint32 epoch) external view returns (Epoch memory) {
        require(epoch > 0 && epoch <= latestEpoch, GuardianRegistryUnknownEpoch(epoch));
        return _epochs[epoch];
    }

    /// @dev Tells of every key that differs, so that everyone sees that the ceremony broke; `confirmationOf` tells whose they are.
    function _allConfirmed(uint32 epoch, bytes32 keyDigest, address[] storage guardians) private returns (bool all) {
        all = true;
        uint256 count = guardians.length;
        for (uint256 i = 0; i < count; ++i) {
            address guardian = guardians[i];
            bytes32 other = confirmationOf[epoch][guardian];
            if (other != keyDigest) {
                all = false;
                if (other != 0) {
                    emit KeyMismatched(epoch, msg.sender, keyDigest, other);
                }
            }
        }
    }

    function _startEpoch(address[] memory guardians, uint256 threshold) private {
        require(
            threshold > 0 && threshold <= guardians.length && guardians.length <= MAX_GUARDIANS,
            GuardianRegistryInvalidThreshold(threshold, guardians.length)
        );
        uint32 epoch = ++latestEpoch;
        for (uint256 i = 0; i < guardians.length; ++i) {
            address guardian = guardians[i];
            require(guardian != address(0) && indexOf[epoch][guardian] == 0, GuardianRegistryInvalidGuardian(guardian));
            indexOf[epoch][guardian] = i + 1;
        }
        Epoch storage started = _epochs[epoch];
        started.startedAt = uint64(block.timestamp);
        started.threshold = uint32(threshold);
        started.guardians = guardians;
        emit EpochStarted(epoch, guardians, threshold);
    }
}
