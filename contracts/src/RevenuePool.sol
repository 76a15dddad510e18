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

    /// @dev One slot: the counters, and all that a distribution reads of the split.
    struct Current {
        uint64 distributions;
        uint64 splits;
        uint16 operatorsBps;
        uint16 treasuryBps;
    }

    /// @dev One slot: from the lowest bit the snapshot (48), what is left of the amount (112) and of the supply (96).
    type Remains is uint256;

    /// @dev One slot: what the two other parties of a split are due in one currency.
    struct Shares {
        uint128 operators;
        uint128 treasury;
    }

    Current private _current;
    /// @dev The currency is not stored: whoever names the wrong one finds nothing.
    mapping(address currency => mapping(DistributionId distributionId => Remains)) private _distributions;
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
        require(amount > 0 && amount <= type(uint112).max, RevenuePoolInvalidAmount(amount));
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
        _current.distributions = current.distributions + 1;
        _distributions[currency][distributionId] = Remains.wrap(supply << 160 | members << 48 | snapshot);
        uint256 splitId = current.splits - 1;
        Shares storage shares = _shares[splitId][currency];
        (shares.operators, shares.treasury) =
        (shares.operators + uint128(operators), shares.treasury + uint128(treasury));
        emit RevenueDistributed(distributionId, currency, msg.sender, members, operators, treasury, splitId);
    }

    /// @inheritdoc IRevenuePool
    function claim(address currency, DistributionId[] calldata distributionIds) external {
        _claimFor(msg.sender, currency, distributionIds);
    }

    /// @inheritdoc IRevenuePool
    function claimFor(address account, address currency, DistributionId[] calldata distributionIds) external {
        _claimFor(account, currency, distributionIds);
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
    function distributionAt(address currency, DistributionId distributionId)
        external
        view
        returns (Distribution memory)
    {
        (uint256 snapshot, uint256 amount, uint256 supply) = _known(currency, distributionId);
        return Distribution({snapshot: uint48(snapshot), remaining: uint112(amount), remainingSupply: uint96(supply)});
    }

    /// @inheritdoc IRevenuePool
    function claimable(address account, address currency, DistributionId distributionId)
        external
        view
        returns (uint256)
    {
        (uint256 snapshot, uint256 amount, uint256 supply) = _known(currency, distributionId);
        if (isClaimed(account, distributionId)) {
            return 0;
        }
        uint256 balance = IDataToken(token).getPastBalance(account, snapshot);
        return balance == 0 ? 0 : _part(amount, supply, balance);
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
    function sharesDue(uint256 splitId, address currency) external view returns (uint256 operators, uint256 treasury) {
        Shares storage shares = _shares[splitId][currency];
        return (shares.operators, shares.treasury);
    }

    /// @dev Books everything before it pays; the guard keeps a claim out of a distribution that is being received.
    function _claimFor(address account, address currency, DistributionId[] calldata distributionIds)
        private
        nonReentrantView
    {
        mapping(DistributionId => Remains) storage distributions = _distributions[currency];
        mapping(uint256 word => uint256 bits) storage claimed = _claimed[account];
        uint256 due = 0;
        bool any = false;
        for (uint256 i = 0; i < distributionIds.length; ++i) {
            (bool taken, uint256 part) = _take(account, distributions, claimed, distributionIds[i]);
            any = any || taken;
            // At most 2^112 each, and a transaction has no room for 2^144 of them.
            unchecked {
                due += part;
            }
        }
        require(any, RevenuePoolNothingToClaim(account, currency));
        emit RevenueClaimed(account, currency, due, distributionIds);
        if (due > 0) {
            IERC20(currency).safeTransfer(account, due);
        }
    }

    /// @dev Books one distribution as claimed, unless it was before or the account held nothing. A part below one unit is booked too and pays
    /// nothing: rounding up instead would pay a unit to every account among which a holder spreads its tokens, and waiting would leave
    /// units behind that nobody could ever take.
    function _take(
        address account,
        mapping(DistributionId => Remains) storage distributions,
        mapping(uint256 word => uint256 bits) storage claimed,
        DistributionId distributionId
    ) private returns (bool taken, uint256 part) {
        uint256 id = DistributionId.unwrap(distributionId);
        uint256 bit = 1 << (id & 0xff);
        uint256 bits = claimed[id >> 8];
        if (bits & bit != 0) {
            return (false, 0);
        }
        Remains remains = distributions[distributionId];
        (uint256 snapshot, uint256 amount, uint256 supply) = _unpack(remains);
        require(snapshot != 0, RevenuePoolUnknownDistribution(distributionId));
        uint256 balance = IDataToken(token).getPastBalance(account, snapshot);
        if (balance == 0) {
            return (false, 0);
        }
        part = _part(amount, supply, balance);
        taken = true;
        claimed[id >> 8] = bits | bit;
        // A holder's balance is within what is left of the supply, and so its part within what is left of the amount.
        unchecked {
            distributions[distributionId] = Remains.wrap(Remains.unwrap(remains) - (balance << 160) - (part << 48));
        }
    }

    function _part(uint256 amount, uint256 supply, uint256 balance) private pure returns (uint256) {
        // 112 and 96 bits; the supply is at least the balance, which is not zero.
        unchecked {
            return amount * balance / supply;
        }
    }

    function _payShare(uint256 splitId, address account, address currency, uint256 amount) private {
        require(amount > 0, RevenuePoolNothingToClaim(account, currency));
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

    function _known(address currency, DistributionId distributionId)
        private
        view
        returns (uint256 snapshot, uint256 amount, uint256 supply)
    {
        Remains remains = _distributions[currency][distributionId];
        require(Remains.unwrap(remains) != 0, RevenuePoolUnknownDistribution(distributionId));
        return _unpack(remains);
    }

    function _unpack(Remains remains) private pure returns (uint256 snapshot, uint256 amount, uint256 supply) {
        uint256 word = Remains.unwrap(remains);
        return (word & type(uint48).max, (word >> 48) & type(uint112).max, word >> 160);
    }
}
