// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC20Votes} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {Votes} from "@openzeppelin/contracts/governance/utils/Votes.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {ERC6372Utils} from "@openzeppelin/contracts/utils/ERC6372Utils.sol";
import {Time} from "@openzeppelin/contracts/utils/types/Time.sol";
import {IDataToken} from "./interfaces/IDataToken.sol";

/// @title The dataset's token.
/// @dev An account delegates to itself when it first receives tokens, unless it has named a delegate before, so that every token can vote at
/// once. This happens once in an account's life: whoever later delegates to nobody stays that way.
contract DataToken is IDataToken, ERC20, ERC20Permit, ERC20Votes {
    using Checkpoints for Checkpoints.Trace208;

    /// @inheritdoc IDataToken
    address public immutable minter;

    mapping(address account => Checkpoints.Trace208) private _balanceCheckpoints;

    /// @param founder Who gets `founderShare` base units at creation; with zero units nobody does.
    constructor(string memory name_, string memory symbol_, address minter_, address founder, uint256 founderShare)
        ERC20(name_, symbol_)
        ERC20Permit(name_)
    {
        require(minter_ != address(0), DataTokenZeroAddress());
        minter = minter_;
        if (founderShare > 0) {
            _mint(founder, founderShare);
        }
    }

    /// @inheritdoc IDataToken
    function mint(address account, uint256 amount) external {
        require(msg.sender == minter, DataTokenNotMinter(msg.sender));
        _mint(account, amount);
    }

    /// @inheritdoc IDataToken
    function getPastBalance(address account, uint256 timepoint) external view returns (uint256) {
        return _balanceCheckpoints[account].upperLookupRecent(_validateTimepoint(timepoint));
    }

    /// @inheritdoc IDataToken
    function getPastTotalSupply(uint256 timepoint) public view override(IDataToken, Votes) returns (uint256) {
        return super.getPastTotalSupply(timepoint);
    }

    /// @notice Seconds (ERC-6372).
    function clock() public view override returns (uint48) {
        return Time.timestamp();
    }

    /// @notice ERC-6372.
    function CLOCK_MODE() public view override returns (string memory) {
        return ERC6372Utils.timestampClockMode(clock);
    }

    function nonces(address owner) public view override(ERC20Permit, Nonces) returns (uint256) {
        return super.nonces(owner);
    }

    /// @dev 79 billion tokens; RevenuePool keeps a supply in 96 bits.
    function _maxSupply() internal pure override returns (uint256) {
        return type(uint96).max;
    }

    function _update(address from, address to, uint256 value) internal override(ERC20, ERC20Votes) {
        // Anyone can move zero tokens from anyone to anyone; that must leave no trace.
        if (value == 0) {
            super._update(from, to, value);
            return;
        }
        if (to != address(0) && delegates(to) == address(0) && _balanceCheckpoints[to].length() == 0) {
            _delegate(to, to);
        }
        super._update(from, to, value);
        if (from != address(0)) {
            _balanceCheckpoints[from].push(clock(), uint208(balanceOf(from)));
        }
        if (to != address(0)) {
            _balanceCheckpoints[to].push(clock(), uint208(balanceOf(to)));
        }
    }
}
