// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @dev The number of a distribution, counting from 0 over all currencies.
type DistributionId is uint256;

/// @title Revenue for the holders of the dataset's token, in any ERC-20.
/// @notice A payment is split once, by the basis points in force at that moment; the members' part waits in a distribution on a snapshot of
/// balances that was over before the payment came.
/// @dev Powers of the timelock: the split of later payments. Nobody, the DAO included, can move members' money but by a claim to the member.
/// Rounding favours members. Currencies that take a fee are refused; one that rebases or freezes accounts harms only those it pays.
interface IRevenuePool {
    /// @notice How later payments are split; members get what the other two leave.
    struct Split {
        uint16 operatorsBps;
        uint16 treasuryBps;
        address operators;
        address treasury;
    }

    /// @notice What is left of a distribution.
    struct Distribution {
        uint48 snapshot;
        uint112 remaining;
        uint96 remainingSupply;
    }

    event RevenueDistributed(
        DistributionId indexed distributionId,
        address indexed currency,
        address indexed payer,
        uint256 members,
        uint256 operators,
        uint256 treasury,
        uint256 splitId
    );
    /// @param amount The sum over the distributions.
    /// @param distributionIds As the caller named them; those that had been claimed before, or in which the account had no tokens, add nothing.
    event RevenueClaimed(
        address indexed account, address indexed currency, uint256 amount, DistributionId[] distributionIds
    );
    event SharePaid(uint256 indexed splitId, address indexed account, address indexed currency, uint256 amount);
    event SplitChanged(uint256 indexed splitId, Split split);

    error RevenuePoolZeroAddress();
    error RevenuePoolInvalidCurrency(address currency);
    error RevenuePoolInvalidAmount(uint256 amount);
    error RevenuePoolWrongAmountReceived(address currency, uint256 received, uint256 expected);
    error RevenuePoolInvalidSplit(uint256 operatorsBps, uint256 treasuryBps);
    error RevenuePoolUnknownDistribution(DistributionId distributionId);
    error RevenuePoolNothingToClaim(address account, address currency);

    /// @notice The dataset's token, whose past balances decide who gets what.
    function token() external view returns (address);

    /// @notice Takes `amount` of `currency`, below 2^112, from the caller and distributes it.
    /// @return distributionId The new distribution; while nobody held tokens at the snapshot it is empty and the treasury has the members' part.
    function distribute(address currency, uint256 amount) external returns (DistributionId distributionId);

    /// @notice Pays the caller's part of each of these distributions of one currency, in one transfer; those already claimed are passed over.
    function claim(address currency, DistributionId[] calldata distributionIds) external;

    /// @notice The same for any account: the money goes to that account, whoever sends the transaction.
    function claimFor(address account, address currency, DistributionId[] calldata distributionIds) external;

    /// @notice Pays the operators what they are due under a split; anyone may send it.
    function payOperators(uint256 splitId, address currency) external;

    /// @notice Pays the treasury what it is due under a split; anyone may send it.
    function payTreasury(uint256 splitId, address currency) external;

    /// @notice Changes the split of later payments. What came before stays with whom it was due to.
    /// @dev Only the timelock.
    function setSplit(Split calldata split) external;

    function distributionCount() external view returns (uint256);

    function distributionAt(address currency, DistributionId distributionId) external view returns (Distribution memory);

    /// @notice What a claim would pay now; zero once claimed.
    function claimable(address account, address currency, DistributionId distributionId) external view returns (uint256);

    function isClaimed(address account, DistributionId distributionId) external view returns (bool);

    /// @notice The number of the split in force.
    function currentSplitId() external view returns (uint256);

    function splitAt(uint256 splitId) external view returns (Split memory);

    /// @notice What operators and treasury are due under a split in a currency.
    function sharesDue(uint256 splitId, address currency) external view returns (uint256 operators, uint256 treasury);
}
