// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The dataset's token: a share of its revenue and of its votes.
/// @notice ERC-20 with Permit (ERC-2612), Votes (ERC-5805, clock in seconds: ERC-6372) and past balances.
/// @dev Powers: the registry mints, nobody burns, pauses, freezes or upgrades. The supply never exceeds 2^96 - 1 base units (79 billion tokens).
interface IDataToken {
    error DataTokenNotMinter(address caller);
    error DataTokenZeroAddress();

    /// @notice The only account that may mint: the ContributionRegistry.
    function minter() external view returns (address);

    /// @notice Mints to an account.
    /// @dev Only the minter.
    function mint(address account, uint256 amount) external;

    /// @notice What the account held at the end of the second `timepoint`, which must be past. Unlike votes, a balance is not moved by
    /// delegating.
    function getPastBalance(address account, uint256 timepoint) external view returns (uint256);

    /// @notice The supply at the end of the second `timepoint`, which must be past.
    function getPastTotalSupply(uint256 timepoint) external view returns (uint256);
}
