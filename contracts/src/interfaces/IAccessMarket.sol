// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @dev The number of a request, and of the grant that it becomes when the vote approves it.
type GrantId is uint256;

/// @title Requests with escrow, grants, workers' keys.
/// @notice A buyer escrows the price with exact terms; the DAO's vote approves exactly those terms or nothing.
/// @dev Powers of the timelock: approve, revoke, name workers. It cannot touch an escrow: a request pays either the RevenuePool, by approval, or
/// its buyer. The DAO can revoke a grant; it cannot keep the unearned rent. Buyers can take the escrow back at any time before approval and
/// nobody can prevent it (but the issuer of a currency that can freeze accounts).
/// Assumption: the clock is `block.timestamp`. Guardians and workers enforce mode, scope, runs and the digests off chain against `termsHash`.
interface IAccessMarket {
    /// @notice How a grant is used.
    enum Mode {
        Raw,
        Anonymised,
        Query,
        Job
    }

    /// @notice Sale: earned when granted. Rent: earned by the second over the duration; the rest goes back when revoked.
    enum Pricing {
        Sale,
        Rent
    }

    enum State {
        None,
        Requested,
        Granted,
        Refunded,
        Revoked
    }

    /// @notice What a buyer asks for; immutable once requested.
    /// @param mode How the data is used; any mode but raw needs an approved worker's key as the recipient.
    /// @param pricing Sale or rent.
    /// @param renewals How often a rent may be renewed for the same price and duration; zero for a sale.
    /// @param runs How many runs the worker may make; for raw not used. Counted by the worker, not here.
    /// @param duration Seconds from approval to the end of the grant.
    /// @param scope The number of batches covered: batches 0 … scope - 1, all of which exist at request time.
    /// @param currency The ERC-20 of the price; zero exactly when the price is zero.
    /// @param price The whole price for one duration, in base units.
    /// @param recipient The 32 bytes of the grantee's age X25519 recipient.
    /// @param purposeDigest The digest of the purpose statement.
    /// @param jobDigest The digest of the job that runs; required for mode job.
    /// @param outputPolicyDigest The digest of what may leave the worker; required for any mode but raw.
    struct Terms {
        Mode mode;
        Pricing pricing;
        uint16 renewals;
        uint32 runs;
        uint64 duration;
        uint64 scope;
        address currency;
        uint128 price;
        bytes32 recipient;
        bytes32 purposeDigest;
        bytes32 jobDigest;
        bytes32 outputPolicyDigest;
    }

    /// @notice What is known of a request or grant.
    /// @param endsAt When the grant ends or, when revoked, ended; zero before approval.
    /// @param collected What went to the RevenuePool so far.
    struct Grant {
        State state;
        Pricing pricing;
        bytes32 termsHash;
        address buyer;
        uint64 grantedAt;
        uint64 endsAt;
        uint64 duration;
        uint16 renewals;
        uint16 renewalsUsed;
        bool unearnedReturned;
        address currency;
        uint128 price;
        uint128 collected;
    }

    event AccessRequested(GrantId indexed requestId, address indexed buyer, bytes32 indexed termsHash, Terms terms);
    event GrantOpened(GrantId indexed grantId, bytes32 indexed termsHash, address indexed buyer, uint64 endsAt);
    event GrantRenewed(GrantId indexed grantId, uint64 endsAt, uint16 renewalsUsed);
    event GrantRevoked(GrantId indexed grantId, uint64 endsAt);
    event EscrowRefunded(GrantId indexed grantId, address indexed buyer, address currency, uint256 amount);
    event RevenueCollected(GrantId indexed grantId, address currency, uint256 amount);
    event WorkerChanged(bytes32 indexed recipient, bool approved);

    error AccessMarketZeroAddress();
    error AccessMarketInvalidDuration(uint64 duration, uint64 maximum);
    error AccessMarketInvalidScope(uint64 scope, uint256 batches);
    error AccessMarketInvalidCurrency(address currency, uint128 price);
    error AccessMarketInvalidRenewals(uint16 renewals);
    error AccessMarketPriceTooLarge(uint256 price);
    error AccessMarketMissingRecipient();
    error AccessMarketMissingPurpose();
    error AccessMarketMissingJob();
    error AccessMarketMissingOutputPolicy();
    error AccessMarketMissingRuns();
    error AccessMarketWorkerNotApproved(bytes32 recipient);
    error AccessMarketWrongAmountReceived(address currency, uint256 received, uint256 expected);
    error AccessMarketWrongState(GrantId grantId, State state);
    error AccessMarketTermsMismatch(GrantId grantId, bytes32 given, bytes32 expected);
    error AccessMarketNotBuyer(GrantId grantId, address caller, address buyer);
    error AccessMarketGrantExpired(GrantId grantId, uint64 endsAt);
    error AccessMarketNotRenewable(GrantId grantId, uint16 renewalsUsed, uint16 renewals);
    error AccessMarketNothingToRefund(GrantId grantId);
    error AccessMarketTooLittleEarned(GrantId grantId, uint256 earned, uint256 minimum);

    function pool() external view returns (address);

    function registry() external view returns (address);

    /// @notice The longest duration of a grant without renewal, in seconds.
    function MAX_DURATION() external view returns (uint64);

    /// @notice A running rent is collected at most so many times a duration, so that nobody can crumble revenue into dust.
    function COLLECTIONS_PER_DURATION() external view returns (uint256);

    /// @notice Asks for access and escrows the price, which the caller has allowed this contract to take.
    function request(Terms calldata terms) external returns (GrantId requestId);

    /// @notice The same with an ERC-2612 permit for the price instead of an allowance.
    function requestWithPermit(Terms calldata terms, uint256 deadline, uint8 v, bytes32 r, bytes32 s)
        external
        returns (GrantId requestId);

    /// @notice Turns the request into a grant, for exactly the terms that were voted on; the price of a sale goes to the RevenuePool.
    /// @dev Only the timelock.
    function approve(GrantId requestId, bytes32 termsHash) external;

    /// @notice Ends a grant. What a rent has earned stays earned, the rest waits for the buyer in `refund`.
    /// @dev Only the timelock. Moves no tokens, so that no currency can block it.
    function revoke(GrantId grantId) external;

    /// @notice Pays the escrow back to the buyer: the buyer's own request before approval, or anyone for the unearned rent after revocation.
    function refund(GrantId grantId) external;

    /// @notice Prolongs a running rent by one duration for the same price, paid by the buyer now.
    function renew(GrantId grantId) external;

    /// @notice Moves what a rent has earned to the RevenuePool; anyone may.
    function collect(GrantId grantId) external;

    /// @notice Approves or removes a worker's key (an age X25519 recipient).
    /// @dev Only the timelock. A removed worker's grants are no longer open.
    function setWorker(bytes32 recipient, bool approved) external;

    function grantCount() external view returns (uint256);

    function grantAt(GrantId grantId) external view returns (Grant memory);

    function hashTerms(Terms calldata terms) external pure returns (bytes32);

    /// @notice Whether a guardian may answer: granted under these terms, not ended, not revoked, and its worker still approved.
    function isOpen(GrantId grantId, Terms calldata terms) external view returns (bool);

    function isWorker(bytes32 recipient) external view returns (bool);

    /// @notice What the rent has earned up to now, collected or not; the whole price of a sale once granted.
    function earned(GrantId grantId) external view returns (uint256);
}
