// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IDataToken} from "./interfaces/IDataToken.sol";
import {DistributionId, IRevenuePool} from "./interfaces/IRevenuePool.sol";
import {TimelockOwned} from "./TimelockOwned.sol";

/// @title Revenue for the token's holders; the guarantees stand in IRevenuePool.
contract RevenuePool is IRevenuePool, TimelockOwned, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    uint256 private constant BPS = 10_000;

    /// @inheritdoc IRevenuePool
    address public immutable token;

    /// @dev One slot: all that a distribution reads of the split, and the counters.
    struct Current {
        uint64 distributions;
        uint64 splits;
        uint16 operatorsBps;
        uint16 treasuryBps;
    }

    /// @dev One slot: what the two other parties of a split are due in one currency.
    struct Shares {
        uint128 operators;
        uint128 treasury;
    }

    Current private _current;
    mapping(DistributionId distributionId => Distribution) private _distributions;
    mapping(uint256 splitId => Split) private _splits;
    mapping(uint256 splitId => mapping(address currency => Shares)) private _shares;
    mapping(address account => mapping(uint256 word => uint256 bits)) private _claimed;

    constructor(address timelock_, address token_, Split memory split) TimelockOwned(timelock_) {
        require(token_ != address(0), RevenuePoolZeroAddress());
        token = token_;
        _setSplit(split);
    }

    /// @inheritdoc IRevenuePool
    function distribute(address currency, uint256 amount)
        external
        nonReentrant
        returns (DistributionId distributionId)
    {
        // Paying the holders in their own token would count the pool among the holders.
        require(currency != token && currency != address(0), RevenuePoolInvalidCurrency(currency));
        require(amount > 0 && amount <= type(uint128).max, RevenuePoolInvalidAmount(amount));
        uint256 before = IERC20(currency).balanceOf(address(this));
        IERC20(currency).safeTransferFrom(msg.sender, address(this), amount);
        uint256 received = IERC20(currency).balanceOf(address(this)) - before;
        require(received == amount, RevenuePoolWrongAmountReceived(currency, received, amount));

        Current memory current = _current;
        uint256 operators = amount * current.operatorsBps / BPS;
        uint256 treasury = amount * current.treasuryBps / BPS;
        uint256 members = amount - operators - treasury;
        // The second before this one is over, so nobody can still buy into it.
        uint256 snapshot = block.timestamp - 1;
        uint256 supply = IDataToken(token).getPastTotalSupply(snapshot);
        if (supply == 0) {
            treasury += members;
            members = 0;
        }
        distributionId = DistributionId.wrap(current.distributions);
        _distributions[distributionId] = Distribution({
            currency: currency,
            snapshot: uint48(snapshot),
            remaining: uint128(members),
            remainingSupply: uint128(supply)
        });
        _current.distributions = current.distributions + 1;
        uint256 splitId = current.splits - 1;
        Shares storage shares = _shares[splitId][currency];
        (shares.operators, shares.treasury) =
            (shares.operators + uint128(operators), shares.treasury + uint128(treasury));
        emit RevenueDistributed(distributionId, currency, msg.sender, members, operators, treasury, splitId);
    }

    /// @inheritdoc IRevenuePool
    function claim(DistributionId[] calldata distributionIds) external {
        _claimFor(msg.sender, distributionIds);
    }

    /// @inheritdoc IRevenuePool
    function claimFor(address account, DistributionId[] calldata distributionIds) external {
        _claimFor(account, distributionIds);
    }

    /// @inheritdoc IRevenuePool
    function payOperators(uint256 splitId, address currency) external nonReentrant {
        uint256 amount = _shares[splitId][currency].operators;
        _shares[splitId][currency].operators = 0;
        _payShare(splitId, _splits[splitId].operators, currency, amount);
    }

    /// @inheritdoc IRevenuePool
    function payTreasury(uint256 splitId, address currency) external nonReentrant {
        uint256 amount = _shares[splitId][currency].treasury;
        _shares[splitId][currency].treasury = 0;
        _payShare(splitId, _splits[splitId].treasury, currency, amount);
    }

    /// @inheritdoc IRevenuePool
    function setSplit(Split calldata split) external onlyTimelock {
        _setSplit(split);
    }

    /// @inheritdoc IRevenuePool
    function distributionCount() external view returns (uint256) {
        return _current.distributions;
    }

    /// @inheritdoc IRevenuePool
    function distributionAt(DistributionId distributionId) external view returns (Distribution memory) {
        _requireKnown(distributionId);
        return _distributions[distributionId];
    }

    /// @inheritdoc IRevenuePool
    function claimable(address account, DistributionId distributionId) external view returns (uint256) {
        _requireKnown(distributionId);
        if (isClaimed(account, distributionId)) {
            return 0;
        }
        Distribution memory distribution = _distributions[distributionId];
        return _part(distribution, IDataToken(token).getPastBalance(account, distribution.snapshot));
    }

    /// @inheritdoc IRevenuePool
    function isClaimed(address account, DistributionId distributionId) public view returns (bool) {
        uint256 id = DistributionId.unwrap(distributionId);
        return _claimed[account][id >> 8] & (1 << (id & 0xff)) != 0;
    }

    /// @inheritdoc IRevenuePool
    function currentSplitId() external view returns (uint256) {
        return _current.splits - 1;
    }

    /// @inheritdoc IRevenuePool
    function splitAt(uint256 splitId) external view returns (Split memory) {
        return _splits[splitId];
    }

    /// @inheritdoc IRevenuePool
    function sharesDue(uint256 splitId, address currency)
        external
        view
        returns (uint256 operators, uint256 treasury)
    {
        Shares storage shares = _shares[splitId][currency];
        return (shares.operators, shares.treasury);
    }

    /// @dev The guard spans all currencies of the call, so paying one before the next is computed is safe.
    function _claimFor(address account, DistributionId[] calldata distributionIds) private nonReentrant {
        address currency = address(0);
        uint256 due = 0;
        bool paid = false;
        for (uint256 i = 0; i < distributionIds.length; ++i) {
            (address next, uint256 part) = _take(account, distributionIds[i]);
            if (part == 0) {
                continue;
            }
            if (next != currency && due > 0) {
                IERC20(currency).safeTransfer(account, due);
                due = 0;
            }
            currency = next;
            due += part;
            paid = true;
        }
        require(paid, RevenuePoolNothingToClaim(account));
        IERC20(currency).safeTransfer(account, due);
    }

    /// @dev Books one distribution as claimed; a second time, or without a part in it, gives zero.
    function _take(address account, DistributionId distributionId) private returns (address currency, uint256 part) {
        _requireKnown(distributionId);
        uint256 id = DistributionId.unwrap(distributionId);
        uint256 bits = _claimed[account][id >> 8];
        uint256 bit = 1 << (id & 0xff);
        if (bits & bit != 0) {
            return (address(0), 0);
        }
        Distribution storage stored = _distributions[distributionId];
        Distribution memory distribution = stored;
        uint256 balance = IDataToken(token).getPastBalance(account, distribution.snapshot);
        part = _part(distribution, balance);
        // A balance too small for one unit is not booked: it may be worth one after others have claimed.
        if (part == 0) {
            return (address(0), 0);
        }
        _claimed[account][id >> 8] = bits | bit;
        (stored.remaining, stored.remainingSupply) =
            (uint128(distribution.remaining - part), uint128(distribution.remainingSupply - balance));
        emit RevenueClaimed(account, distributionId, part);
        return (distribution.currency, part);
    }

    function _part(Distribution memory distribution, uint256 balance) private pure returns (uint256) {
        return balance == 0 ? 0 : uint256(distribution.remaining) * balance / distribution.remainingSupply;
    }

    function _payShare(uint256 splitId, address account, address currency, uint256 amount) private {
        require(amount > 0, RevenuePoolNothingToClaim(account));
        emit SharePaid(splitId, account, currency, amount);
        IERC20(currency).safeTransfer(account, amount);
    }

    function _setSplit(Split memory split) private {
        require(
            uint256(split.operatorsBps) + split.treasuryBps <= BPS,
            RevenuePoolInvalidSplit(split.operatorsBps, split.treasuryBps)
        );
        require(split.operators != address(0) && split.treasury != address(0), RevenuePoolZeroAddress());
        uint64 splitId = _current.splits;
        _splits[splitId] = split;
        _current.splits = splitId + 1;
        _current.operatorsBps = split.operatorsBps;
        _current.treasuryBps = split.treasuryBps;
        emit SplitChanged(splitId, split);
    }

    function _requireKnown(DistributionId distributionId) private view {
        require(
            DistributionId.unwrap(distributionId) < _current.distributions,
            RevenuePoolUnknownDistribution(distributionId)
        );
    }
}
