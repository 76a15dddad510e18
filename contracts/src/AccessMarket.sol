// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {GrantId, IAccessMarket} from "./interfaces/IAccessMarket.sol";
import {IContributionRegistry} from "./interfaces/IContributionRegistry.sol";
import {IRevenuePool} from "./interfaces/IRevenuePool.sol";
import {ProtocolHash} from "./ProtocolHash.sol";
import {TimelockOwned} from "./TimelockOwned.sol";

/// @title Requests with escrow, grants, workers' keys; the guarantees stand in IAccessMarket.
contract AccessMarket is IAccessMarket, TimelockOwned, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    /// @inheritdoc IAccessMarket
    uint64 public constant MAX_DURATION = 36_500 days;
    /// @inheritdoc IAccessMarket
    uint256 public constant COLLECTIONS_PER_DURATION = 32;

    /// @dev What the pool accepts in one distribution.
    uint256 private constant MAX_PAID = type(uint112).max;

    /// @inheritdoc IAccessMarket
    address public immutable pool;
    /// @inheritdoc IAccessMarket
    address public immutable registry;

    /// @dev Four slots, whatever the terms; nothing here or below loops over requests.
    struct Record {
        bytes32 termsHash;
        address buyer;
        State state;
        Pricing pricing;
        uint40 grantedAt;
        uint40 endsAt;
        address currency;
        uint40 duration;
        uint16 renewals;
        uint16 renewalsUsed;
        bool unearnedReturned;
        uint128 price;
        uint128 collected;
    }

    /// @inheritdoc IAccessMarket
    uint256 public grantCount;
    mapping(GrantId grantId => Record) private _records;
    /// @inheritdoc IAccessMarket
    mapping(bytes32 recipient => bool) public isWorker;

    constructor(address timelock_, address registry_, address pool_) TimelockOwned(timelock_) {
        require(registry_ != address(0) && pool_ != address(0), AccessMarketZeroAddress());
        registry = registry_;
        pool = pool_;
    }

    /// @inheritdoc IAccessMarket
    function request(Terms calldata terms) external nonReentrant returns (GrantId requestId) {
        return _request(terms);
    }

    /// @inheritdoc IAccessMarket
    function requestWithPermit(Terms calldata terms, uint256 deadline, uint8 v, bytes32 r, bytes32 s)
        external
        nonReentrant
        returns (GrantId requestId)
    {
        // A permit that somebody sent ahead of us has already set the allowance; if it has not, taking the price fails below.
        try IERC20Permit(terms.currency).permit(msg.sender, address(this), terms.price, deadline, v, r, s) {} catch {}
        return _request(terms);
    }

    /// @inheritdoc IAccessMarket
    function approve(GrantId requestId, bytes32 termsHash) external onlyTimelock nonReentrant {
        Record storage record = _recordIn(requestId, State.Requested);
        require(termsHash == record.termsHash, AccessMarketTermsMismatch(requestId, termsHash, record.termsHash));
        uint40 endsAt = uint40(block.timestamp + record.duration);
        record.state = State.Granted;
        record.grantedAt = uint40(block.timestamp);
        record.endsAt = endsAt;
        emit GrantOpened(requestId, termsHash, record.buyer, endsAt);
        if (record.pricing == Pricing.Sale && record.price > 0) {
            _payPool(requestId, record, record.price);
        }
    }

    /// @inheritdoc IAccessMarket
    function revoke(GrantId grantId) external onlyTimelock {
        Record storage record = _recordIn(grantId, State.Granted);
        require(block.timestamp < record.endsAt, AccessMarketGrantExpired(grantId, record.endsAt));
        record.state = State.Revoked;
        record.endsAt = uint40(block.timestamp);
        emit GrantRevoked(grantId, uint40(block.timestamp));
    }

    /// @inheritdoc IAccessMarket
    function refund(GrantId grantId) external nonReentrant {
        Record storage record = _records[grantId];
        uint256 amount;
        if (record.state == State.Requested) {
            // Only the buyer: a stranger could otherwise undo a request just before its approval.
            require(msg.sender == record.buyer, AccessMarketNotBuyer(grantId, msg.sender, record.buyer));
            amount = record.price;
            record.state = State.Refunded;
        } else {
            require(record.state == State.Revoked, AccessMarketWrongState(grantId, record.state));
            amount = record.unearnedReturned ? 0 : _paid(record) - _earned(record);
            require(amount > 0, AccessMarketNothingToRefund(grantId));
            record.unearnedReturned = true;
        }
        emit EscrowRefunded(grantId, record.buyer, record.currency, amount);
        if (amount > 0) {
            IERC20(record.currency).safeTransfer(record.buyer, amount);
        }
    }

    /// @inheritdoc IAccessMarket
    function renew(GrantId grantId) external nonReentrant {
        Record storage record = _recordIn(grantId, State.Granted);
        require(msg.sender == record.buyer, AccessMarketNotBuyer(grantId, msg.sender, record.buyer));
        require(block.timestamp < record.endsAt, AccessMarketGrantExpired(grantId, record.endsAt));
        require(
            record.renewalsUsed < record.renewals,
            AccessMarketNotRenewable(grantId, record.renewalsUsed, record.renewals)
        );
        record.renewalsUsed += 1;
        record.endsAt += record.duration;
        emit GrantRenewed(grantId, record.endsAt, record.renewalsUsed);
        _takeEscrow(record.currency, record.price);
    }

    /// @inheritdoc IAccessMarket
    function collect(GrantId grantId) external nonReentrant {
        Record storage record = _records[grantId];
        require(
            record.state == State.Granted || record.state == State.Revoked,
            AccessMarketWrongState(grantId, record.state)
        );
        uint256 due = _earned(record) - record.collected;
        uint256 minimum = block.timestamp < record.endsAt ? record.price / COLLECTIONS_PER_DURATION : 0;
        require(due > 0 && due >= minimum, AccessMarketTooLittleEarned(grantId, due, minimum));
        _payPool(grantId, record, due);
    }

    /// @inheritdoc IAccessMarket
    function setWorker(bytes32 recipient, bool approved) external onlyTimelock {
        require(recipient != 0, AccessMarketMissingRecipient());
        isWorker[recipient] = approved;
        emit WorkerChanged(recipient, approved);
    }

    /// @inheritdoc IAccessMarket
    function grantAt(GrantId grantId) external view returns (Grant memory) {
        Record storage record = _records[grantId];
        return Grant({
            state: record.state,
            pricing: record.pricing,
            termsHash: record.termsHash,
            buyer: record.buyer,
            grantedAt: record.grantedAt,
            endsAt: record.endsAt,
            duration: record.duration,
            renewals: record.renewals,
            renewalsUsed: record.renewalsUsed,
            unearnedReturned: record.unearnedReturned,
            currency: record.currency,
            price: record.price,
            collected: record.collected
        });
    }

    /// @inheritdoc IAccessMarket
    function hashTerms(Terms calldata terms) external pure returns (bytes32) {
        return ProtocolHash.terms(terms);
    }

    /// @inheritdoc IAccessMarket
    function isOpen(GrantId grantId, Terms calldata terms) external view returns (bool) {
        Record storage record = _records[grantId];
        return record.state == State.Granted && block.timestamp < record.endsAt
            && record.termsHash == ProtocolHash.terms(terms) && _hasApprovedRecipient(terms);
    }

    /// @inheritdoc IAccessMarket
    function earned(GrantId grantId) external view returns (uint256) {
        return _earned(_records[grantId]);
    }

    function _request(Terms calldata terms) private returns (GrantId requestId) {
        _requireSound(terms);
        requestId = GrantId.wrap(grantCount++);
        bytes32 termsHash = ProtocolHash.terms(terms);
        Record storage record = _records[requestId];
        record.termsHash = termsHash;
        record.buyer = msg.sender;
        record.state = State.Requested;
        record.pricing = terms.pricing;
        record.currency = terms.currency;
        record.duration = uint40(terms.duration);
        record.renewals = terms.renewals;
        record.price = terms.price;
        emit AccessRequested(requestId, msg.sender, termsHash, terms);
        _takeEscrow(terms.currency, terms.price);
    }

    function _requireSound(Terms calldata terms) private view {
        require(
            terms.duration > 0 && terms.duration <= MAX_DURATION,
            AccessMarketInvalidDuration(terms.duration, MAX_DURATION)
        );
        uint256 batches = IContributionRegistry(registry).batchCount();
        require(terms.scope > 0 && terms.scope <= batches, AccessMarketInvalidScope(terms.scope, batches));
        // The pool would refuse the dataset's own token at approval.
        require(
            (terms.price == 0) == (terms.currency == address(0)) && terms.currency != IRevenuePool(pool).token(),
            AccessMarketInvalidCurrency(terms.currency, terms.price)
        );
        require(terms.pricing == Pricing.Rent || terms.renewals == 0, AccessMarketInvalidRenewals(terms.renewals));
        uint256 mostPaid = uint256(terms.price) * (uint256(terms.renewals) + 1);
        require(mostPaid <= MAX_PAID, AccessMarketPriceTooLarge(mostPaid));
        require(terms.recipient != 0, AccessMarketMissingRecipient());
        require(terms.purposeDigest != 0, AccessMarketMissingPurpose());
        if (terms.mode != Mode.Raw) {
            require(terms.outputPolicyDigest != 0, AccessMarketMissingOutputPolicy());
            require(terms.runs > 0, AccessMarketMissingRuns());
            require(terms.mode != Mode.Job || terms.jobDigest != 0, AccessMarketMissingJob());
            require(_hasApprovedRecipient(terms), AccessMarketWorkerNotApproved(terms.recipient));
        }
    }

    function _hasApprovedRecipient(Terms calldata terms) private view returns (bool) {
        return terms.mode == Mode.Raw || isWorker[terms.recipient];
    }

    /// @dev A currency that keeps a fee would leave less than what is owed to the buyer.
    function _takeEscrow(address currency, uint256 amount) private {
        if (amount == 0) {
            return;
        }
        uint256 before = IERC20(currency).balanceOf(address(this));
        IERC20(currency).safeTransferFrom(msg.sender, address(this), amount);
        uint256 received = IERC20(currency).balanceOf(address(this)) - before;
        require(received == amount, AccessMarketWrongAmountReceived(currency, received, amount));
    }

    function _payPool(GrantId grantId, Record storage record, uint256 amount) private {
        record.collected += uint128(amount);
        emit RevenueCollected(grantId, record.currency, amount);
        IERC20(record.currency).forceApprove(pool, amount);
        IRevenuePool(pool).distribute(record.currency, amount);
    }

    function _recordIn(GrantId grantId, State state) private view returns (Record storage record) {
        record = _records[grantId];
        require(record.state == state, AccessMarketWrongState(grantId, record.state));
    }

    function _paid(Record storage record) private view returns (uint256) {
        return uint256(record.price) * (uint256(record.renewalsUsed) + 1);
    }

    /// @dev Linear from approval to the end; rounded up, in favour of the members.
    function _earned(Record storage record) private view returns (uint256) {
        if (record.grantedAt == 0) {
            return 0;
        }
        uint256 paid = _paid(record);
        if (record.pricing == Pricing.Sale) {
            return paid;
        }
        uint256 elapsed = Math.min(block.timestamp, record.endsAt) - record.grantedAt;
        uint256 whole = uint256(record.duration) * (uint256(record.renewalsUsed) + 1);
        return Math.mulDiv(paid, elapsed, whole, Math.Rounding.Ceil);
    }
}
