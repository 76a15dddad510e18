// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessMarket} from "../../src/AccessMarket.sol";
import {ContributionRegistry} from "../../src/ContributionRegistry.sol";
import {DataToken} from "../../src/DataToken.sol";
import {GrantId, IAccessMarket as Market} from "../../src/interfaces/IAccessMarket.sol";
import {DistributionId} from "../../src/interfaces/IRevenuePool.sol";
import {RevenuePool} from "../../src/RevenuePool.sol";
import {TestCurrency} from "../../src/trial/TestCurrency.sol";
import {Test} from "../base/Test.sol";
import {Handler} from "./Handler.sol";

/// @dev The sentences of INVARIANTS.md.
contract InvariantsTest is Test {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    Handler private _handler;
    DataToken private _token;
    ContributionRegistry private _registry;
    AccessMarket private _market;
    RevenuePool private _pool;

    function setUp() public {
        _handler = new Handler();
        (address token, address registry, address market, address pool) = _handler.contracts();
        (_token, _registry, _market, _pool) =
        (DataToken(token), ContributionRegistry(registry), AccessMarket(market), RevenuePool(pool));
    }

    /// @dev Forge asks for these two.
    function targetContracts() external view returns (address[] memory list) {
        list = new address[](1);
        list[0] = address(_handler);
    }

    function targetSelectors() external view returns (FuzzSelector[] memory list) {
        bytes4[19] memory actions = [
            Handler.contribute.selector,
            Handler.claimReward.selector,
            Handler.withdraw.selector,
            Handler.transfer.selector,
            Handler.delegate.selector,
            Handler.request.selector,
            Handler.request.selector,
            Handler.decide.selector,
            Handler.approveWithoutVote.selector,
            Handler.refund.selector,
            Handler.returnUnearned.selector,
            Handler.renew.selector,
            Handler.collect.selector,
            Handler.revoke.selector,
            Handler.distribute.selector,
            Handler.claimRevenue.selector,
            Handler.claimAllRevenue.selector,
            Handler.payShares.selector,
            Handler.setSplit.selector
        ];
        list = new FuzzSelector[](1);
        list[0].addr = address(_handler);
        list[0].selectors = new bytes4[](actions.length + 1);
        for (uint256 i = 0; i < actions.length; ++i) {
            list[0].selectors[i] = actions[i];
        }
        list[0].selectors[actions.length] = Handler.wait_.selector;
    }

    function invariant_I1_SupplyIsTheFoundersShareAndClaimedRewards() public view {
        uint256 claimed = 0;
        address[] memory holders = _handler.holders();
        for (uint256 i = 0; i < holders.length; ++i) {
            claimed += _registry.claimedPoints(holders[i]);
        }
        vm.assertEq(_token.totalSupply(), 1_000e18 + claimed * 1e12);
        vm.assertEq(_registry.mintedPoints(), claimed);
    }

    function invariant_I2_NobodyClaimedMoreThanWasEarned() public view {
        address[] memory holders = _handler.holders();
        for (uint256 i = 0; i < holders.length; ++i) {
            vm.assertLe(_registry.claimedPoints(holders[i]), _handler.earnedBy(holders[i]));
        }
        vm.assertLe(_registry.mintedPoints(), _registry.rewardPoints());
    }

    function invariant_I3_MarketHoldsExactlyWhatItOwes() public view {
        for (uint256 c = 0; c < 2; ++c) {
            TestCurrency currency = _handler.currencies(c);
            uint256 owed = 0;
            Handler.Purchase[] memory purchases = _handler.purchases();
            for (uint256 i = 0; i < purchases.length; ++i) {
                if (purchases[i].terms.currency == address(currency)) {
                    owed += purchases[i].paid - purchases[i].returned - _market.grantAt(GrantId.wrap(i)).collected;
                }
            }
            vm.assertEq(currency.balanceOf(address(_market)), owed);
        }
    }

    function invariant_I4_PoolHoldsExactlyWhatItOwes() public view {
        Handler.Payment[] memory payments = _handler.payments();
        for (uint256 c = 0; c < 2; ++c) {
            address currency = address(_handler.currencies(c));
            uint256 owed = 0;
            for (uint256 i = 0; i < payments.length; ++i) {
                if (payments[i].currency == currency) {
                    owed += _pool.distributionAt(currency, DistributionId.wrap(i)).remaining;
                }
            }
            for (uint256 splitId = 0; splitId <= _pool.currentSplitId(); ++splitId) {
                (uint256 operators, uint256 treasury) = _pool.sharesDue(splitId, currency);
                owed += operators + treasury;
            }
            vm.assertEq(TestCurrency(currency).balanceOf(address(_pool)), owed);
        }
    }

    function invariant_I5_RefundedRequestNeverBecomesAGrant() public view {
        Handler.Purchase[] memory purchases = _handler.purchases();
        for (uint256 i = 0; i < purchases.length; ++i) {
            Market.Grant memory grant = _market.grantAt(GrantId.wrap(i));
            if (purchases[i].refunded) {
                vm.assertTrue(grant.state == Market.State.Refunded && grant.collected == 0 && grant.grantedAt == 0);
            }
            vm.assertLe(purchases[i].returned + grant.collected, purchases[i].paid);
        }
    }

    function invariant_I6_NoGrantWithoutAnExecutedVoteOnItsTerms() public view {
        Handler.Purchase[] memory purchases = _handler.purchases();
        for (uint256 i = 0; i < purchases.length; ++i) {
            Market.Grant memory grant = _market.grantAt(GrantId.wrap(i));
            if (grant.state == Market.State.Granted || grant.state == Market.State.Revoked) {
                vm.assertEq(purchases[i].votedTerms, grant.termsHash);
            } else {
                vm.assertEq(purchases[i].votedTerms, bytes32(0));
            }
        }
    }

    function invariant_I7_RevenueNeverGoesToWhoHeldNothingAtTheSnapshot() public view {
        Handler.Payment[] memory payments = _handler.payments();
        address[] memory holders = _handler.holders();
        for (uint256 i = 0; i < payments.length; ++i) {
            for (uint256 h = 0; h < holders.length; ++h) {
                if (_token.getPastBalance(holders[h], payments[i].snapshot) == 0) {
                    DistributionId id = DistributionId.wrap(i);
                    vm.assertFalse(_pool.isClaimed(holders[h], id));
                    vm.assertEq(_pool.claimable(holders[h], payments[i].currency, id), 0);
                }
            }
        }
    }

    function invariant_I8_WithdrawnContributionNeverComesBack() public view {
        for (uint256 batchId = 0; batchId < _registry.batchCount(); ++batchId) {
            vm.assertEq(_registry.withdrawnWords(batchId, 0, 1)[0], _handler.withdrawn(batchId) ? 1 : 0);
        }
    }

    function invariant_I9_BalancesAndVotesSumToTheSupply() public view {
        address[] memory holders = _handler.holders();
        uint256 balances = 0;
        uint256 votes = 0;
        for (uint256 i = 0; i < holders.length; ++i) {
            balances += _token.balanceOf(holders[i]);
            votes += _token.getVotes(holders[i]);
            if (_token.delegates(holders[i]) == address(0)) {
                votes += _token.balanceOf(holders[i]);
            }
        }
        vm.assertEq(balances, _token.totalSupply());
        vm.assertEq(votes, _token.totalSupply());
    }

    function invariant_I10_NoDayMintsMoreThanItsLimit() public view {
        uint256 today = vm.getBlockTimestamp() / 1 days;
        vm.assertLe(_handler.mintedOn(today), _handler.LIMIT());
        vm.assertEq(_registry.mintableToday(), _handler.LIMIT() - _handler.mintedOn(today));
    }

    function invariant_I11_BatchesFormOneChain() public view {
        vm.assertEq(_registry.head(), _handler.lastHash());
        vm.assertEq(_registry.rewardPoints(), _handler.batchPoints());
    }

    function invariant_I12_ClaimedAndRemainingAreWhatWasPaidIn() public view {
        Handler.Payment[] memory payments = _handler.payments();
        for (uint256 i = 0; i < payments.length; ++i) {
            uint256 remaining = _pool.distributionAt(payments[i].currency, DistributionId.wrap(i)).remaining;
            vm.assertEq(payments[i].claimed + remaining, payments[i].members);
        }
    }
}
