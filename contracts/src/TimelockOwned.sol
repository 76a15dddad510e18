// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title A contract with one master for life: the DAO's timelock.
/// @dev There is no owner to transfer or renounce, so no key can ever stand in for a vote.
abstract contract TimelockOwned {
    /// @notice The DAO's timelock; the only account with powers here.
    address public immutable timelock;

    error TimelockOwnedNotTimelock(address caller);
    error TimelockOwnedZeroTimelock();

    modifier onlyTimelock() {
        require(msg.sender == timelock, TimelockOwnedNotTimelock(msg.sender));
        _;
    }

    constructor(address timelock_) {
        require(timelock_ != address(0), TimelockOwnedZeroTimelock());
        timelock = timelock_;
    }
}
